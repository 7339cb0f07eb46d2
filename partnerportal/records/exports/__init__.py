"""Files out: a list as CSV or XLSX, written by a job, kept encrypted, gone with its time."""
