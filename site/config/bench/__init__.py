"""`make bench`: what our pages cost, as a share of the least that Django can do on the same server."""
