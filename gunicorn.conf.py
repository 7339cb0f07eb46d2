"""gunicorn's settings, read because of where the file lies. Only the address is said on its command line."""

from partnerportal.kernel.access_log import FORMAT, AccessLogger

workers = 2
threads = 4
worker_class = "gthread"
# Loaded once and then forked: half the start, and memory shared.
preload_app = True
timeout = 60
graceful_timeout = 10
# It would lie in the home folder, one for all portals of a user, and nobody asks it anything.
control_socket_disable = True
# No query string (names of patients may stand in it), no user, and no token of an address.
logger_class = AccessLogger
access_log_format = FORMAT
