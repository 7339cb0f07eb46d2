"""Files in: a table from outside becomes records here.

`reading` knows files, `kinds` knows columns, `matching` knows who is who, `services` is the door.
"""
