"""Accounts: the first sign-in, changes, and the end of one."""
