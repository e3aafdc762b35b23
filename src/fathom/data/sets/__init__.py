"""Readers of the published synthetic sets, each as it lies on disk once its archives are unpacked."""
