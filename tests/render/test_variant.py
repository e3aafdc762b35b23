import pytest

from fathom.errors import UsageError
from fathom.render import tracer, variant


@pytest.mark.parametrize(
    "path, version",
    [
        ("/usr/lib/x86_64-linux-gnu/libLLVM.so.19.1", 19),
        ("/usr/lib/x86_64-linux-gnu/libLLVM-14.so.1", 14),
        ("/usr/lib/x86_64-linux-gnu/libLLVM-17.so", 17),
        ("/usr/lib/llvm-18/lib/libLLVM.so", 18),
        ("/usr/local/opt/llvm@20/lib/libLLVM.dylib", 20),
        ("/usr/lib/libLLVM.so", None),
    ],
)
def test_llvm_versions_are_read_from_names(path, version):
    from pathlib import Path

    assert variant.llvm_version(Path(path)) == version


def test_the_newest_suitable_llvm_is_taken(tmp_path):
    for name in ("libLLVM-14.so.1", "libLLVM-16.so.1", "libLLVM.so.18.1", "libLLVM.so.19.1", "libLLVM.so.22.0"):
        (tmp_path / name).touch()
    found = variant.find_llvm((f"{tmp_path}/libLLVM*.so*",))
    assert found is not None and found.name == "libLLVM.so.19.1"
    assert variant.find_llvm((f"{tmp_path}/libLLVM-1*.so*",)) is None


def test_without_a_suitable_llvm_it_is_scalar_and_says_so(monkeypatch):
    monkeypatch.delenv("DRJIT_LIBLLVM_PATH", raising=False)
    monkeypatch.setattr(variant, "find_llvm", lambda: None)
    name, advice = variant.choose_variant()
    assert name == "scalar_rgb" and "LLVM" in advice and "DRJIT_LIBLLVM_PATH" in advice


def test_a_library_that_was_named_is_used(monkeypatch):
    monkeypatch.setenv("DRJIT_LIBLLVM_PATH", "/somewhere/libLLVM.so")
    monkeypatch.setattr(variant, "find_llvm", lambda: pytest.fail("looked for another"))
    assert variant.choose_variant() == ("llvm_ad_rgb", None)


def test_missing_mitsuba_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mitsuba", None)
    with pytest.raises(ModuleNotFoundError, match="fathom-depth\\[train\\]"):
        tracer.load_mitsuba()


def test_a_gpu_is_used_where_it_is_asked_for_and_there(monkeypatch):
    monkeypatch.setenv("DRJIT_LIBLLVM_PATH", "/somewhere/libLLVM.so")
    monkeypatch.setattr(variant, "has_cuda", lambda: True)
    chosen = [variant.choose_variant(device)[0] for device in ("cuda", "auto", "cpu")]
    assert chosen == ["cuda_ad_rgb", "cuda_ad_rgb", "llvm_ad_rgb"]
    monkeypatch.setattr(variant, "has_cuda", lambda: False)
    assert variant.choose_variant("auto")[0] == "llvm_ad_rgb"
    with pytest.raises(UsageError, match="no NVIDIA GPU"):
        variant.choose_variant("cuda")
    with pytest.raises(UsageError, match="no device is called 'gpu'"):
        variant.choose_variant("gpu")
