"""The locked protocols, one file each: what is scored, how, and what others report for it.

The paper is Depth Anything V2 (Yang et al. 2024); its evaluation code is not public. `reruns` are public re-runs of
its released weights under the common protocol for affine-invariant inverse depth.
"""
