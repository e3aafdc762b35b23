"""What a label is made of: views, teachers, the detail of a larger look, the edges of the picture."""

import tarfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pools import PLAIN, red_teacher, write_pool

from fathom.data.label_codec import LabelMap, decode_map
from fathom.data.labels import open_labelled
from fathom.data.shards import key_of
from fathom.detail import affine_normalised
from fathom.enlarge import enlarge, enlarge_guided
from fathom.guided import sharpened
from fathom.picture import read
from fathom.predict import network_size, prepare
from fathom.recipe.labelling.run import label


def run(pool, out, teacher):
    return label(str(pool), str(out), teacher, engine="threads")


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    return write_pool(tmp_path_factory.mktemp("pool") / "photos", 12)


@pytest.fixture(scope="module")
def labelled(pool, tmp_path_factory):
    out = tmp_path_factory.mktemp("store") / "labels"
    assert run(pool, out, red_teacher()).labels == 12
    return out


def test_a_label_is_the_mean_of_both_views_at_the_size_at_which_it_was_seen(pool, labelled):
    samples = open_labelled(pool, labelled)
    assert list(samples.names) == sorted(p.relative_to(pool).as_posix() for p in pool.rglob("*.*"))
    for sample in list(samples)[:6]:
        rgb = read(pool / sample.name).rgb
        seen = prepare(rgb, network_size(*rgb.shape[:2], 48, 1), PLAIN)[0]
        expected = enlarge(affine_normalised(seen), *rgb.shape[:2])
        assert np.array_equal(sample.picture, rgb) and sample.valid.all() and not sample.metric
        assert np.abs(sample.disparity - expected).max() < 2e-3 * np.ptp(expected)


def test_a_label_of_several_sizes_is_their_mean_at_the_largest(pool, tmp_path):
    run(pool, tmp_path / "labels", red_teacher((24, 36)))
    for sample in list(open_labelled(pool, tmp_path / "labels"))[:6]:
        height, width = sample.disparity.shape
        shapes = [network_size(height, width, size, 1) for size in (24, 36)]
        seen = [affine_normalised(prepare(sample.picture, shape, PLAIN)[0]) for shape in shapes]
        expected = enlarge((enlarge(seen[0], *shapes[1]) + seen[1]) / 2, height, width)
        assert np.abs(sample.disparity - expected).max() < 2e-3 * np.ptp(expected)
        assert np.abs(sample.disparity - enlarge(seen[1], height, width)).max() > 1e-2 * np.ptp(expected)


class Green:
    """A teacher to whom what is green is near."""

    def run(self, inputs):
        return [x[1].copy() for x in inputs]


def test_a_label_of_two_teachers_is_their_mean(pool, tmp_path):
    red = red_teacher()
    run(pool, tmp_path / "labels", replace(red, networks=(*red.networks, Green)))
    for sample in list(open_labelled(pool, tmp_path / "labels"))[:6]:
        seen = prepare(sample.picture, network_size(*sample.disparity.shape, 48, 1), PLAIN)
        expected = enlarge((affine_normalised(seen[0]) + affine_normalised(seen[1])) / 2, *sample.disparity.shape)
        assert np.abs(sample.disparity - expected).max() < 2e-3 * np.ptp(expected)


def test_a_label_has_the_edges_that_are_seen_at_the_size_for_detail(pool, tmp_path):
    red = red_teacher((12,))
    run(pool, tmp_path / "labels", replace(red, networks=(*red.networks, Green), detail=40))
    for sample in list(open_labelled(pool, tmp_path / "labels"))[:6]:
        height, width = sample.disparity.shape
        broad, fine = (
            sum(map(affine_normalised, prepare(sample.picture, network_size(height, width, size, 1), PLAIN)[:2])) / 2
            for size in (12, 40)
        )
        label = sharpened(enlarge(broad, *fine.shape), fine, 3 * 40 / 12, round(0.06 * 40), round(0.3 * 40), 0.0005)
        expected = enlarge(label, height, width)
        assert np.abs(sample.disparity - expected).max() < 3e-3 * np.ptp(expected)
        assert np.abs(expected - enlarge(broad, height, width)).max() > 0.02 * np.ptp(expected)


def test_labels_with_detail_are_not_mixed_with_those_without(pool, tmp_path):
    kinds = {None: red_teacher(), 64: replace(red_teacher(), detail=64)}
    for (first, teacher), (then, other) in zip(kinds.items(), reversed(kinds.items()), strict=True):
        run(pool, tmp_path / f"{first}", teacher)
        with pytest.raises(ValueError, match=f"detail {first} and not {then}"):
            run(pool, tmp_path / f"{first}", other)


@pytest.mark.parametrize("size", [24, 300])  # larger pictures than that, and smaller ones
def test_a_label_may_have_its_edges_from_the_picture(size, pool, tmp_path):
    plain = red_teacher((size,))
    run(pool, tmp_path / "plain", plain)
    run(pool, tmp_path / "guided", replace(plain, guided=True))
    names = open_labelled(pool, tmp_path / "plain").names[:6]
    plain, guided = (stored(tmp_path / kind) for kind in ("plain", "guided"))
    for name in names:
        before, after = plain[key_of(name)], guided[key_of(name)]
        h, w = before.values.shape
        picture = cv2.resize(read(pool / name).rgb, (w, h), interpolation=cv2.INTER_AREA)
        expected = enlarge_guided(before.values, picture, picture.astype(np.float32) / 255)
        assert np.abs(after.values - expected).max() < 3e-3 * np.ptp(expected)
        assert np.abs(after.values - before.values).max() > 0.02 * np.ptp(expected)
        assert after.picture_size == before.picture_size


def stored(labels: Path) -> dict[str, LabelMap]:
    found = {}
    for path in labels.glob("*.tar"):
        with tarfile.open(path) as tar:
            for info in tar:
                found[info.name.rpartition(".")[0]] = decode_map(tar.extractfile(info).read(), info.name)
    return found


def test_labels_with_the_pictures_edges_are_not_mixed_with_others(pool, tmp_path):
    run(pool, tmp_path / "labels", replace(red_teacher(), guided=True))
    with pytest.raises(ValueError, match=r"made otherwise \(edges the picture's"):
        run(pool, tmp_path / "labels", red_teacher())


def test_no_label_is_larger_than_its_picture_or_than_what_the_network_saw(pool, labelled):
    with tarfile.open(labelled / "000000.tar") as tar:
        for info in tar:
            found = decode_map(tar.extractfile(info).read(), info.name)
            height, width = found.picture_size
            seen = network_size(height, width, 48, 1)
            assert found.values.shape == ((height, width) if height * width < seen[0] * seen[1] else seen)
