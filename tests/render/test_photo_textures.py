import numpy as np
import pytest
from PIL import Image

from fathom.render import meshes as m
from fathom.render.materials import Palette, cell_window, hung, textured
from fathom.render.photo_textures import Photos, retextured
from fathom.render.scene import MIRROR, TEXTURE, Material, Scene


@pytest.fixture
def photos(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("b.png", "a.jpg", "sub/c.png"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(60, 200, (120, 90, 3), dtype=np.uint8)).save(path)
    (tmp_path / "photos" / "notes.txt").write_text("not a picture")
    return Photos(tmp_path / "photos")


def flat(value):
    return np.full((TEXTURE, TEXTURE, 3), value, np.float32)


def scene_with(*materials):
    scene = Scene("test", np.ones((4, 8, 3), np.float32))
    for material in materials:
        scene.add(m.box(1, 1, 1), material)
    return scene


def test_the_folder_is_searched_and_sorted(photos):
    assert photos.names == ["a.jpg", "b.png", "sub/c.png"]
    before = photos.fingerprint
    assert before == Photos(photos.folder).fingerprint
    (photos.folder / "a.jpg").unlink()
    assert Photos(photos.folder).fingerprint != before


def test_surfaces_take_photos_of_their_own_brightness(photos):
    scene = scene_with(*(textured(flat(value)) for value in np.linspace(0.1, 0.5, 30)), MIRROR)
    new = retextured(scene, photos, np.random.default_rng(1))
    pairs = [(a, b) for (_, a), (_, b) in zip(scene.parts, new.parts, strict=True)]
    changed = [(a.texture, b.texture) for a, b in pairs if a.texture is not b.texture]
    assert 4 < len(changed) < 20
    for before, after in changed:
        assert after.shape == before.shape and after.dtype == np.float32 and after.max() <= 1
        assert after.mean() == pytest.approx(before.mean(), rel=0.05) and after.std() > 0.01
        assert np.array_equal(after[0], after[-1]) and np.array_equal(after[:, 0], after[:, -1])  # no seam
    assert pairs[-1][1] is MIRROR
    assert all(np.ptp(a.texture) == 0 for a, _ in pairs[:-1])  # the scene given is as it was


def test_one_surface_keeps_one_texture(photos):
    shared = flat(0.3)
    scene = scene_with(*(textured(shared, repeat) for repeat in (1.0, 2.0, 3.0)), textured(flat(0.2)))
    for seed in range(10):
        parts = retextured(scene, photos, np.random.default_rng(seed)).parts
        assert len({id(material.texture) for _, material in parts[:3]}) == 1
        assert [material.repeat for _, material in parts[:3]] == [1.0, 2.0, 3.0]


def test_labels_are_replaced_one_by_one_and_colours_never(photos):
    sheet = flat(0.3)
    labels = [Material("glossy", sheet, window=cell_window(cell, 4, 0.0)) for cell in (0, 5)]
    palette = Palette(np.random.default_rng(2))
    scene = scene_with(*labels, palette.matte([0.9, 0.1, 0.1]), hung(flat(0.4)))
    hits = 0
    for seed in range(20):
        first, _, colour, poster = (
            material.texture for _, material in retextured(scene, photos, np.random.default_rng(seed)).parts
        )
        assert np.array_equal(colour, scene.parts[2][1].texture)
        if first is not sheet:
            hits += 1
            cell = TEXTURE // 4
            assert first[:cell, :cell].std() > 0.01 and first[cell : 2 * cell, cell : 2 * cell].std() > 0.01
            assert (first[:cell, cell:] == sheet[0, 0, 0]).all()  # the cells that nothing shows
        if poster is not scene.parts[3][1].texture:
            assert not np.array_equal(poster, poster[::-1])  # shown once, so not mirrored
    assert hits


def test_the_same_generator_gives_the_same_scene(photos):
    scene = scene_with(*(textured(flat(value)) for value in np.linspace(0.1, 0.5, 10)))
    a, b = (retextured(scene, photos, np.random.default_rng(4)).parts for _ in range(2))
    assert all(np.array_equal(x.texture, y.texture) for (_, x), (_, y) in zip(a, b, strict=True))


def test_damaged_photos_are_passed_over(photos):
    for name in photos.names:
        (photos.folder / name).write_bytes(b"not a picture")
    scene = scene_with(textured(flat(0.3)))
    assert retextured(scene, photos, np.random.default_rng(0)) is scene


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no folder with pictures"):
        Photos(tmp_path)
