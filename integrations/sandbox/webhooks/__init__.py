"""The sandbox's webhooks: which events there are, who wants them, their signature, and their sending."""
