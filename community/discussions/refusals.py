class DiscussionRefused(Exception):
    """What somebody wanted to do in the discussions can't be done; its text is a sentence for them."""
