"""The studio: the page in which the network is seen computing, the small server that opens it, and its export.

The page is built from `web/` by `make page` and computes for itself; nothing here computes.
"""
