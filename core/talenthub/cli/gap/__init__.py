"""`talent gap`: what a role asks for and a person has not shown yet."""
