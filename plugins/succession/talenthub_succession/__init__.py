"""Succession: critical posts, nominations, readiness argued, the bench."""
