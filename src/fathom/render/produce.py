"""Fill a folder with rendered samples: seeds, worker processes, resuming, and what to do with a scene that fails."""

from __future__ import annotations

import collections
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np

from fathom.data.folder import write_sample
from fathom.data.sample import Sample
from fathom.progress import progress
from fathom.render import photograph
from fathom.render.families import FAMILIES
from fathom.render.options import Options, at_least, claim
from fathom.render.photo_textures import Photos, retextured
from fathom.render.plugins import Builder
from fathom.render.tracer import Tracer
from fathom.render.variant import choose_variant, load_mitsuba


def useful(depth: np.ndarray) -> bool:
    """Whether a view shows something: not the inside of an object, a bare wall close by, or only sky."""
    sky = np.isinf(depth)
    if sky.mean() > 0.6:
        return False
    near, low, middle, high = np.percentile(depth[~sky], [0.5, 5, 50, 95])
    return bool(near > 0.04 and low > 0.03 * middle and (high > 1.12 * low or sky.mean() > 0.05))


def visible(colour: np.ndarray) -> bool:
    """Whether radiance holds a picture, not darkness or one flat tone."""
    light = colour.mean(-1)
    low, middle, high = np.percentile(light, [5, 50, 95])
    return bool(np.isfinite(light).all() and middle > 2e-4 and high > 1.15 * low)


class Renderer:
    """Renders scenes in this process; made once, because Mitsuba and the denoiser take a moment to start."""

    def __init__(self, options: Options):
        self.options = options
        self.photos = None if options.photos is None else Photos(options.photos)
        self.mitsuba = load_mitsuba(device=options.device)
        self.builder = Builder(self.mitsuba)
        self.denoise = photograph.Denoiser()
        gc.collect()
        gc.freeze()  # what is here to stay need not be looked through again for every scene

    def samples(self, scene: int) -> list[Sample]:
        """All views of one scene: a function of (options, scene) alone.

        Raises:
            RuntimeError: four layouts in a row did not offer enough views worth having.
        """
        o = self.options
        rng = np.random.default_rng([o.seed, scene])
        for _ in range(4):
            layout_rng, view_rng = (np.random.default_rng(int(s)) for s in rng.integers(2**62, size=2))
            samples = self._views(scene, layout_rng, view_rng)
            if len(samples) == o.views:
                return samples
        raise RuntimeError(f"no {o.views} views worth having")

    def _views(self, scene: int, layout_rng: np.random.Generator, view_rng: np.random.Generator) -> list[Sample]:
        o = self.options
        texture_rng = layout_rng.spawn(1)[0]
        layout = FAMILIES[o.family(scene)](layout_rng, 8 + 4 * o.views)
        if self.photos is not None:
            layout = retextured(layout, self.photos, texture_rng)
        # Kernels depend on how many objects Mitsuba has: the last scene's must be gone before this one's are made.
        gc.collect()
        tracer = Tracer(self.mitsuba, layout, o.width * o.height, self.builder)
        samples: list[Sample] = []
        for camera in layout.cameras:
            # Apart, because the scalar tracer draws fewer numbers: the photograph must not depend on that.
            light_rng, photo_rng, shape_rng = view_rng.spawn(3)
            width, height = o.size(shape_rng)
            geometry = tracer.geometry(camera, width, height)
            depth = geometry.depth
            if not useful(depth):
                continue
            colour = self.denoise(tracer.radiance(camera, width, height, o.spp, light_rng))
            if not visible(colour):
                continue
            picture = photograph.develop(photograph.hazed(colour, depth, layout), photo_rng)
            samples.append(
                Sample(
                    o.name(scene, len(samples)),
                    picture,
                    disparity=np.divide(1, depth, out=np.zeros_like(depth), where=np.isfinite(depth)),
                    valid=np.ones(depth.shape, bool),
                    intrinsics=camera.intrinsics(width, height),
                    normals=geometry.normals,
                    materials=geometry.materials,
                )
            )
            if len(samples) == o.views:
                break
        return samples


def remaining(out: Path, options: Options, scenes: int) -> list[int]:
    """The scenes whose last view is not there yet."""
    return [i for i in range(scenes) if not (out / f"{options.name(i, options.views - 1)}.npz").exists()]


_renderer: Renderer | None = None  # one in each worker process


def _start_worker(options: Options) -> None:
    global _renderer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    import cv2

    cv2.setNumThreads(1)
    _renderer = Renderer(options)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(out: Path, scene: int) -> str | None:
    assert _renderer is not None
    return attempt(_renderer.samples, out, scene)


def attempt(samples: Callable[[int], list[Sample]], out: Path, scene: int) -> str | None:
    """Render and write one scene; the reason if it failed."""
    try:
        for sample in samples(scene):
            write_sample(out, sample)
    except OSError:
        raise  # a full or vanished disk is no fault of the scene
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def produce(out: Path, options: Options, scenes: int, workers: int) -> Generator[tuple[int, str | None], None, None]:
    """Render what is missing of scenes 0 to `scenes` - 1; yields (scene, None or why it failed) as they finish.

    Closing the iterator lets the scenes in hand finish and stops; every file written is whole.

    Raises:
        OSError: the folder cannot be written.
        ChildProcessError: worker processes die before they render anything.
    """
    waiting = collections.deque(remaining(out, options, scenes))
    suspects: set[int] = set()  # in hand when a worker process died
    idle_deaths = 0
    while waiting:
        # Workers start afresh (spawn): neither Mitsuba nor its threads survive a fork.
        context = multiprocessing.get_context("spawn")
        count = min(workers, len(waiting))
        pool = ProcessPoolExecutor(count, mp_context=context, initializer=_start_worker, initargs=(options,))
        in_hand: dict[Future[str | None], int] = {}
        try:
            while waiting or in_hand:
                while waiting and len(in_hand) < (1 if waiting[0] in suspects else count):
                    future = pool.submit(_work, out, waiting[0])
                    in_hand[future] = waiting.popleft()
                done, _ = wait(in_hand, return_when=FIRST_COMPLETED)
                for future in done:
                    reason = future.result()
                    idle_deaths = 0
                    yield in_hand.pop(future), reason
        except BrokenProcessPool:
            # A crash below Python, or out of memory. Try those scenes once more, last and each alone, so that the
            # innocent are not given up with the guilty.
            idle_deaths += 1
            if idle_deaths > 3:
                raise ChildProcessError("worker processes die before they render anything: out of memory?") from None
            for scene in in_hand.values():
                if scene in suspects:
                    idle_deaths = 0
                    yield scene, "the process rendering it died, twice"
                else:
                    suspects.add(scene)
                    waiting.append(scene)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def run(out: Path, options: Options, scenes: int, workers: int | None = None) -> int:
    """The command: progress and failed scenes on stderr. The exit code: 1 if every scene failed, 130 if interrupted.

    `workers` is how many processes render, of one thread each; as many as there are cores when None.

    Raises:
        UsageError: options that make no pictures.
        ValueError: the folder was made with other options; the photos for textures are missing.
        OSError: the folder cannot be written; worker processes do not live.
        ModuleNotFoundError: what rendering needs is not installed.
    """
    options.check()
    at_least("scenes", scenes, 1)
    workers = os.cpu_count() or 1 if workers is None else workers
    at_least("workers", workers, 1)
    load_mitsuba(device=options.device)  # here, so that what is missing is said once and not by each worker
    photograph.Denoiser()
    variant, advice = choose_variant(options.device)
    if advice:
        print(f"fathom render: {advice}", file=sys.stderr)
    claim(out, options, variant)
    todo = len(remaining(out, options, scenes))
    failed = 0
    results = produce(out, options, scenes, workers)
    try:
        with progress("rendering", total=scenes, done=scenes - todo, unit="scene") as bar:
            for scene, reason in results:
                if reason is not None:
                    failed += 1
                    print(f"skipped {options.scene(scene)}: {reason}", file=sys.stderr)
                bar.advance()
    except KeyboardInterrupt:
        results.close()
        print("fathom render: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    print(f"{todo - failed} scenes rendered, {scenes - todo} were there, {failed} skipped: {out}", file=sys.stderr)
    return 1 if failed and failed == todo else 0
