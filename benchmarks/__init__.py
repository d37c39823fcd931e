"""Benchmarks: medians and ratios within one run, printed as tables; nothing here is asserted."""
