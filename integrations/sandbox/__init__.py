"""A local Inbox Health: a program of its own, with its own storage and its own idea of the API.

It imports nothing of the portal and nothing of the client; what both must agree on is the contract.
"""
