"""KITTI, Eigen's test split with the later, annotated ground truth (Uhrig et al. 2017): streets, LiDAR."""

from fathom.bench.protocol import Crop, Protocol, Published

PROTOCOL = Protocol(
    name="KITTI Eigen",
    split="the 652 of the 697 Eigen test frames that have annotated ground truth, image_02",
    mask="annotated depth (16-bit PNG / 256), non-zero",
    min_depth=1e-3,
    max_depth=80,
    crop=Crop(0.40810811, 0.99189189, 0.03594771, 0.96405229, fraction=True),
    clip=1e-3,
    cap=80,
    source="Eigen et al. 2014; the crop of Garg et al. 2016",
)

PUBLISHED = Published(
    numbers={
        "MiDaS 3.1 L": {"abs_rel": 0.127, "delta1": 0.850},
        "MiDaS 2.1 small": {"delta1": 0.707},
        "Depth Anything V1 S": {"abs_rel": 0.080, "delta1": 0.936},
        "Depth Anything V1 L": {"abs_rel": 0.076, "delta1": 0.947},
        "Depth Anything V2 S": {"abs_rel": 0.078, "delta1": 0.936},
        "Depth Anything V2 B": {"abs_rel": 0.078, "delta1": 0.939},
        "Depth Anything V2 L": {"abs_rel": 0.074, "delta1": 0.946},
        "Depth Anything V2 G": {"abs_rel": 0.075, "delta1": 0.948},
        "Depth Anything V2 S, metric outdoor (in-domain)": {"abs_rel": 0.053, "delta1": 0.973},
        "Depth Anything V2 B, metric outdoor (in-domain)": {"abs_rel": 0.048, "delta1": 0.979},
        "Depth Anything V2 L, metric outdoor (in-domain)": {"abs_rel": 0.045, "delta1": 0.983},
    },
    reruns={
        "Depth Anything V2 S": {"abs_rel": 0.0770},
        "Depth Anything V2 B": {"abs_rel": 0.0756},
        "Depth Anything V2 L": {"abs_rel": 0.0710},
    },
    note="The paper's numbers reproduce to .003. The LiDAR sees no sky, so none is scored. The metric models of the "
    "paper are trained on KITTI itself; the released metric models are trained on Virtual KITTI 2.",
)
