from itertools import pairwise

import pytest

from codeedit.errors import CodeEditError
from codeedit.eval import plots
from codeedit.eval.plots import Line, draw_lines, looks, moving_average, plot

PNG = b"\x89PNG\r\n\x1a\n"


def test_no_two_series_look_alike() -> None:
    assert len(set(looks(28))) == 28


def test_neighbours_differ_in_colour_and_in_dash() -> None:
    assert all(one.color != other.color and one.dash != other.dash for one, other in pairwise(looks(28)))


def test_a_moving_average_keeps_a_straight_line_and_flattens_a_spike() -> None:
    straight = [float(at) for at in range(90)]
    assert moving_average(straight)[10:80] == pytest.approx(straight[10:80])
    spike = [0.0] * 90
    spike[40] = 7.0
    assert max(moving_average(spike)) == pytest.approx(1.0)


@pytest.mark.parametrize(("count", "smooth", "drawn"), [(20, True, 1), (90, True, 2), (90, False, 1)])
def test_a_long_series_is_smoothed_where_that_is_wanted(tmp_path, count, smooth, drawn) -> None:
    pytest.importorskip("matplotlib")
    values = [0.0, 1.0] * (count // 2)
    with plot(tmp_path / "a.png") as axes:
        draw_lines(axes[0], [Line("a", range(count), values)], x="step", y="reward", smooth=smooth)
        assert len(axes[0].lines) == drawn
        assert list(axes[0].lines[0].get_ydata()) == values


def test_a_plot_is_written_as_png(tmp_path) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "new" / "reward.png"
    with plot(file, panels=2, title="two runs") as axes:
        draw_lines(axes[0], [Line("a", [0, 1], [0.1, 0.2]), Line("b", [3], [0.5])], x="step", y="reward")
        axes[1].hist([0.1, 0.2, 0.9])
    assert file.read_bytes().startswith(PNG)


def test_each_series_keeps_its_points(tmp_path) -> None:
    pytest.importorskip("matplotlib")
    with plot(tmp_path / "a.png") as axes:
        draw_lines(axes[0], [Line("a", [0, 1], [0.1, 0.2]), Line("b", [3], [0.5])], x="step", y="reward")
        drawn = [(line.get_label(), list(line.get_xdata()), list(line.get_ydata())) for line in axes[0].lines]
    assert drawn == [("a", [0, 1], [0.1, 0.2]), ("b", [3], [0.5])]


def test_the_same_plot_is_the_same_file(tmp_path) -> None:
    pytest.importorskip("matplotlib")
    for name in ("one.png", "two.png"):
        with plot(tmp_path / name) as axes:
            draw_lines(axes[0], [Line("a", [0, 1], [0.1, 0.2])], x="step", y="reward")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_a_missing_matplotlib_is_said(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(plots, "can_plot", lambda: False)
    with pytest.raises(CodeEditError, match="matplotlib"), plot(tmp_path / "a.png"):
        pass


def test_a_folder_that_is_a_file_is_said(tmp_path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "taken").write_text("")
    with pytest.raises(CodeEditError, match="taken"), plot(tmp_path / "taken" / "a.png"):
        pass
