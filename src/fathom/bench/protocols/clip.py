"""RGB-D clips with camera poses: accuracy with one alignment per clip, and consistency over time."""

from fathom.bench.protocol import Protocol, Published

PROTOCOL = Protocol(
    name="RGB-D clip",
    split="every frame of every clip, in order",
    mask="depth measured by the sensor",
    min_depth=1e-3,
    max_depth=10,
    floor=1e-3,
    clip=1e-3,
    cap=10,
    aligned_over="clip",
    reduction="clips",
    source="Video Depth Anything (Chen et al. 2025); here with a z-buffer",
)

PUBLISHED = Published(
    numbers={
        "Depth Anything V2 L": {"tae": 1.140},
        "Video Depth Anything S": {"tae": 0.703},
        "Video Depth Anything L": {"tae": 0.570},
        "DepthCrafter": {"tae": 0.639},
        "NVDS": {"tae": 2.176},
    },
    note="Published TAE is measured on ScanNet and without a z-buffer: it tells the order of magnitude, not more.",
)
