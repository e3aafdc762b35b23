"""Things to put into scenes. Each function makes one, standing at the origin on z = 0, facing -y, in metres.

They take a random generator and the scene's palette, and give a list of (mesh, material).
"""
