"""Off-screen pictures of people in a room, drawn with VTK as a pinhole camera sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from vtkmodules import vtkRenderingOpenGL2
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals
from vtkmodules.vtkFiltersSources import vtkPlaneSource
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkLight,
    vtkPolyDataMapper,
    vtkRenderer,
    vtkRenderWindow,
    vtkTexture,
    vtkWindowToImageFilter,
)

from train.synth.body.anatomy import unit
from train.synth.body.body import Body
from train.synth.body.makehuman import Floats
from train.synth.scene.camera import Camera
from train.synth.scene.room import Panel

Image = NDArray[np.uint8]

TO_LIGHT = unit(np.array([0.5, 1.0, 0.55]))
TO_FILL = unit(np.array([-0.6, 0.5, 0.7]))
NEAREST_M = 0.2
CLEARANCE_M = 0.004
"""The shadow floats this much above the floor, so that it wins against the boards."""


@dataclass(frozen=True)
class Look:
    """How the studio lights and draws."""

    to_light: tuple[float, ...] = tuple(TO_LIGHT.tolist())
    """Unit vector, world."""
    key: float = 0.75
    """Strength of the light that casts the shadow."""
    fill: float = 0.4
    """Strength of the light from the other side."""
    shade: float = 0.45
    """How dark the shadow is, 0-1."""
    multisamples: int = 8
    shadow_half_m: float = 4.0
    shadow_cells: int = 400
    """Size of the shadow's picture; it is centred on the world's origin, or ``follows``."""
    follows: bool = False
    """Whether the shadow's picture goes with the people."""
    farthest_m: float = 60.0


class Studio:
    """A lit room with people in it, seen by one camera."""

    def __init__(self, camera: Camera, panels: Sequence[Panel], look: Look = Look()) -> None:
        self._size = camera.size
        self._look = look
        self._renderer = vtkRenderer()
        self._window = _window(camera.size, self._renderer, look.multisamples)
        self._people: list[vtkPolyData] = []
        self._shadow = _Shadow(look)
        for panel in panels:
            self._renderer.AddActor(_panel_actor(panel, _picture(panel.picture)))
        self._renderer.AddActor(self._shadow.actor)
        self.aim(camera)
        _light(self._renderer, look)

    def aim(self, camera: Camera) -> None:
        """Look through another camera of the same size from now on."""
        _aim(self._renderer, camera, self._look.farthest_m)

    def add(self, body: Body, colours: Image) -> None:
        """Bring in a person; (V, 3) ``colours`` are those of the dressed body's vertices."""
        mesh = _mesh(body, colours)
        self._renderer.AddActor(_person_actor(mesh))
        self._people.append(mesh)

    def draw(self, meshes: Sequence[Floats]) -> Image:
        """(H, W, 3) picture of the people, given as (V, 3) vertices each: world, m."""
        for mesh, vertices in zip(self._people, meshes, strict=True):
            mesh.GetPoints().SetData(_vtk(vertices))
            mesh.Modified()
        self._shadow.cast(np.concatenate(meshes))
        self._window.Render()
        grab = vtkWindowToImageFilter()
        grab.SetInput(self._window)
        grab.ShouldRerenderOff()
        grab.ReadFrontBufferOff()
        grab.Update()
        width, height = self._size
        rows = vtk_to_numpy(grab.GetOutput().GetPointData().GetScalars())  # type: ignore[no-untyped-call]
        return np.ascontiguousarray(rows.reshape(height, width, 3)[::-1])


class _Shadow:
    """A soft shadow on the floor: how many vertices lie on each light ray, blurred."""

    def __init__(self, look: Look) -> None:
        a = look.shadow_half_m
        self._look = look
        self._blank = np.zeros((look.shadow_cells, look.shadow_cells, 4), dtype=np.uint8)
        self._image = _picture(self._blank)
        corner, along, up = (-a, CLEARANCE_M, a), (2 * a, 0, 0), (0, 0, -2 * a)
        self.actor = _panel_actor(Panel(corner, along, up, self._blank), self._image)
        self.actor.GetMapper().SetRelativeCoincidentTopologyPolygonOffsetParameters(-1, -4)

    def cast(self, vertices: Floats) -> None:
        to_light = np.array(self._look.to_light)
        falling = vertices - vertices[:, 1:2] * to_light / to_light[1]
        low = vertices[vertices[:, 1] < 0.1]
        centre = np.zeros(3)
        if self._look.follows:
            centre[[0, 2]] = falling[:, [0, 2]].mean(axis=0)
            self.actor.SetPosition(*centre)
        body = self._cover(falling - centre, blur_m=0.035)
        feet = self._cover(low - centre, blur_m=0.02)
        shade = self._look.shade
        rgba = self._blank.copy()
        rgba[..., 3] = np.round(255 * (1 - (1 - shade * body) * (1 - shade * feet)))
        _paint(self._image, rgba)

    def _cover(self, points: Floats, *, blur_m: float) -> Floats:
        """(cells, cells) in [0, 1]: how fully points cover the floor seen from above."""
        half, cells = self._look.shadow_half_m, self._look.shadow_cells
        span = (-half, half)
        count, _, _ = np.histogram2d(points[:, 2], points[:, 0], bins=cells, range=[span, span])
        density = gaussian_filter(count, blur_m * cells / (2 * half))
        reference = (8.0 / 400 * cells / (2 * half)) ** 2  # counts per cell as in 2 cm cells
        return np.asarray(1 - np.exp(-1.5 * density * reference))


def _window(size: tuple[int, int], renderer: vtkRenderer, multisamples: int) -> vtkRenderWindow:
    # asked for by name, EGL needs no X server and prints no warning about its absence
    kind = getattr(vtkRenderingOpenGL2, "vtkEGLRenderWindow", vtkRenderWindow)
    window = kind()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(multisamples)
    window.SetSize(*size)
    window.AddRenderer(renderer)
    return window


def _aim(renderer: vtkRenderer, eye: Camera, farthest_m: float) -> None:
    camera = renderer.GetActiveCamera()
    camera.SetPosition(*eye.position)
    camera.SetFocalPoint(*(eye.position + eye.rotation[2]))
    camera.SetViewUp(*-eye.rotation[1])
    camera.SetViewAngle(np.degrees(2 * np.arctan(eye.size[1] / 2 / eye.focal_px)))
    camera.SetClippingRange(NEAREST_M, farthest_m)


def _light(renderer: vtkRenderer, look: Look) -> None:
    to_light = np.array(look.to_light)
    to_fill = TO_FILL * np.where(to_light[0] < 0, [-1, 1, 1], [1, 1, 1])
    for direction, strength in ((to_light, look.key), (to_fill, look.fill)):
        light = vtkLight()
        light.SetLightTypeToSceneLight()
        light.SetPosition(*(10 * direction))
        light.SetFocalPoint(0, 0, 0)
        light.SetIntensity(strength)
        renderer.AddLight(light)


def _mesh(body: Body, colours: Image) -> vtkPolyData:
    mesh, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetData(_vtk(body.vertices))
    offsets = np.arange(0, 3 * len(body.triangles) + 1, 3, dtype=np.int64)
    cells.SetData(_vtk(offsets), _vtk(body.triangles.ravel()))
    mesh.SetPoints(points)
    mesh.SetPolys(cells)
    mesh.GetPointData().SetScalars(_vtk(colours))
    return mesh


def _person_actor(mesh: vtkPolyData) -> vtkActor:
    smooth, mapper, actor = vtkPolyDataNormals(), vtkPolyDataMapper(), vtkActor()
    smooth.SetInputData(mesh)
    smooth.SplittingOff()
    smooth.ConsistencyOff()
    mapper.SetInputConnection(smooth.GetOutputPort())
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetInterpolationToPhong()
    look.SetAmbient(0.36)
    look.SetDiffuse(0.8)
    look.SetSpecular(0.05)
    return actor


def _panel_actor(panel: Panel, image: vtkImageData) -> vtkActor:
    plane, mapper, actor, texture = (
        vtkPlaneSource(),
        vtkPolyDataMapper(),
        vtkActor(),
        vtkTexture(),
    )
    corner = np.array(panel.corner)
    plane.SetOrigin(*corner)
    plane.SetPoint1(*(corner + panel.along))
    plane.SetPoint2(*(corner + panel.up))
    texture.SetInputData(image)
    texture.InterpolateOn()
    texture.MipmapOn()
    mapper.SetInputConnection(plane.GetOutputPort())
    mapper.SetResolveCoincidentTopologyToPolygonOffset()
    actor.SetMapper(mapper)
    actor.SetTexture(texture)
    actor.GetProperty().LightingOff()
    return actor


def _picture(pixels: Image) -> vtkImageData:
    image = vtkImageData()
    height, width, _ = pixels.shape
    image.SetDimensions(width, height, 1)
    _paint(image, pixels)
    return image


def _paint(image: vtkImageData, pixels: Image) -> None:
    """Replace the image's pixels; VTK's rows start at the bottom."""
    image.GetPointData().SetScalars(_vtk(pixels[::-1].reshape(-1, pixels.shape[2])))
    image.Modified()


def _vtk(values: NDArray[np.generic]) -> vtkDataArray:
    copy = np.ascontiguousarray(values)
    return numpy_to_vtk(copy, deep=True)  # type: ignore[no-untyped-call]
