"""Readers of the benchmarks, each from the archives and folders in which its authors publish it."""
