class GroupRefused(Exception):
    """Why a change to a group, or to who is in it, is not made: a sentence for the person who asked."""
