"""Rows for tests, made the way the site makes them. One module a room."""
