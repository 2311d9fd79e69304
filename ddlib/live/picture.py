"""A figure of which each frame draws only what has changed."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from ddlib import figures
from ddlib.figures.turns import turn

__all__ = ["LivePicture"]


class LivePicture:
    """A figure that is kept, of which each frame draws only the artists that have changed.

    It comes in two densities: quick has one pixel for a CSS pixel and is soonest drawn, sent and decoded;
    crisp is for the pause. Artists of different axes must not overlap.
    """

    def __init__(self, figure, moving):
        self.css_size, self.figure, self._dpi, self._canvases = figures.css_size(figure), figure, figure.dpi, []
        self.moving = sorted(moving, key=lambda artist: artist.get_zorder())
        for artist in self.moving:
            artist.set_animated(True)
        self.quick, self.crisp = self.canvas(density=1), self.canvas(figures.PIXELS_PER_CSS_PIXEL)

    def canvas(self, density):
        """One more canvas to draw on, of so many pixels for a CSS pixel."""
        self._canvases.append(_Canvas(self.figure, self.moving, density * self._dpi))
        return self._canvases[-1]

    def draw(self, canvas):
        """Bring one of the canvases up to date with the artists; its pixels (height, width, 4), which it owns."""
        with turn:
            changed = {artist for artist in self.moving if artist.stale}  # drawing one resets it
            for each in self._canvases:
                each.changed |= changed
            canvas.draw()
            return np.asarray(canvas.agg.buffer_rgba())

    def quick_frame(self):
        """The picture now, as JPEG bytes: the fastest encoding that keeps thin lines clean."""
        return self._encoded(self.quick, "jpeg", quality=90, subsampling=0)

    def frame(self):
        """The same, crisp, as JPEG bytes."""
        return self._encoded(self.crisp, "jpeg", quality=90, subsampling=0)

    def png(self):
        """The same, crisp, as PNG bytes for the stored notebook."""
        return self._encoded(self.crisp, "png")

    def _encoded(self, canvas, format, **how):
        with turn:  # the pixels are the canvas's own until they are encoded
            pixels = self.draw(canvas)
            image = Image.frombuffer("RGBX", (pixels.shape[1], pixels.shape[0]), pixels, "raw", "RGBX", 0, 1)
            if format == "png":
                image = image.convert("RGB")
            out = io.BytesIO()
            image.save(out, format=format, **how)
            return out.getvalue()


class _Canvas:
    """The figure at one density, and the copies of its pixels that save drawing them again.

    Copied back are, in this order: what never moves, drawn once; of each axes the lowest artists that did
    not change since the last frame; and over all the artists the spines and legends, of which a legend costs
    more to draw than all the curves. Where limits, scales or labels have changed all copies are taken anew.
    """

    def __init__(self, figure, moving, dpi):
        self.figure, self.dpi, self.agg = figure, dpi, FigureCanvasAgg(figure)
        axes = dict.fromkeys([*figure.axes, *(artist.axes for artist in moving)])
        self.groups = [[artist for artist in moving if artist.axes is ax] for ax in axes]
        self.changed, self._state, self._kept = set(moving), None, None

    def draw(self):
        if self.figure.dpi != self.dpi:
            self.figure.set_dpi(self.dpi)
        state = self._still_state()
        if state != self._state:
            self._capture()
            self._state, self._kept = state, None
        renderer = self.agg.get_renderer()
        kept = [next((n for n, artist in enumerate(group) if artist in self.changed), len(group)) for group in self.groups]
        if kept != self._kept:
            self.agg.restore_region(self._under)
            self._paint(renderer, [group[:n] for group, n in zip(self.groups, kept)])
            self._base = self.agg.copy_from_bbox(self.figure.bbox) if any(kept) else self._under
            self._kept = kept
        else:
            self.agg.restore_region(self._base)
        self._paint(renderer, [group[n:] for group, n in zip(self.groups, kept)])
        pixels = np.asarray(self.agg.buffer_rgba())
        for where, through, added in self._over:
            below = pixels[where][:, :, :3]
            below[...] = (below * through + added) // 255
        self.changed.clear()

    def _paint(self, renderer, groups):
        for group in groups:
            for artist in group:
                artist.draw(renderer)
                artist.stale = False  # one that is empty or hidden leaves this undone

    def _still_state(self):
        return [
            (
                ax.get_title(loc="left"),
                axis.get_view_interval().tolist(),
                axis.get_scale(),
                axis.get_label_text(),
                axis.get_major_locator(),
                axis.get_inverted(),
            )
            for ax in self.figure.axes
            for axis in (ax.xaxis, ax.yaxis)
        ]

    def _capture(self):
        over = []
        for ax in self.figure.axes:
            over += [spine for spine in ax.spines.values() if spine.get_visible() and ax.axison]
            if (legend := ax.get_legend()) and not legend.get_bbox_to_anchor().y0 >= ax.bbox.y1:
                over.append(legend)  # one that stands above its axes is never drawn over
        for artist in over:
            artist.set_animated(True)  # drawn over the data alone, not under it as well
        self.agg.draw()
        self._under = self.agg.copy_from_bbox(self.figure.bbox)
        renderer = self.agg.get_renderer()
        renderer.clear()
        self._over = []
        for artist in over:
            artist.draw(renderer)
            self._over.append(self._pixels_of(artist, renderer))

    def _pixels_of(self, artist, renderer):
        """Where the artist lies in the canvas, what it lets through (of 255), and what it adds (times 255)."""
        box, height = artist.get_window_extent(renderer).padded(3), self.agg.get_width_height(physical=True)[1]
        rows = slice(max(int(height - box.y1), 0), max(int(height - box.y0) + 1, 0))
        where = rows, slice(max(int(box.x0), 0), max(int(box.x1) + 1, 0))
        drawn = np.asarray(self.agg.buffer_rgba())[where].astype(np.uint16)
        return where, 255 - drawn[:, :, 3:], drawn[:, :, :3] * drawn[:, :, 3:]
