"""Metrics for Prometheus: counted in each process, summed where they are shown. Loaded only where they are on.

`slots` is where processes keep what they count, `instruments` what they count, `exposition` what is shown,
`listener` the address of its own.
"""
