"""The Inbox Health Partner API: its contract and a client that sends one request per call.

May import the standard library, pydantic, requests (with its urllib3) and redis; never Django, never
partnerportal.
"""
