"""Outbound: the executor of what waits, and the ways out of the house.

Rows are the truth: timers and the outbox. An executor has them run; what
leaves by web or mail is sent outside of any transaction, under a lease.
"""
