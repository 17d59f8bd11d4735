"""An association's list archive becomes a forum: read piece by piece, brought in batches, open once staff say so.

`mailboxes` and `json_lines` read a file as `messages`, with what `bodies` leaves of a letter; `arrivals` has a batch
of them stand in the forum; `runs` goes through the file, and goes on after a crash; `opening` lets people read it.
"""
