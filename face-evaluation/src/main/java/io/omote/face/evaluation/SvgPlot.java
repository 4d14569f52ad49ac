// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A plot, drawn as SVG for a given width, so that its text has one size at all widths. Colors are
 * those of the style sheet around it, by classes: {@code mated} and {@code non-mated}, {@code
 * curve1} and so on, {@code mark} and {@code equal}. Used by one thread.
 */
final class SvgPlot {
  /** The style sheet of plots. */
  static final String CSS = css();

  /** The width of plots on wide screens and in files. */
  static final int WIDE = 560;

  /** The width of plots on narrow screens. */
  static final int NARROW = 288;

  private static final int FONT = 13;
  private static final int LINE = 20;

  /** The width of a letter, on average: SVG without scripts cannot measure text. */
  static final double LETTER = 0.56 * FONT;

  /** The size of the place of a rate of 0, and where the curve is in it, away from the text. */
  private static final int BAND = 30;

  private static final int NONE = 7;

  /** The greatest height of the area between the axes. */
  private static final int HIGHEST = 300;

  private static final int KEY = 22;

  /** The number of colors of curves. */
  private static final int CURVES = 6;

  private final Axis x;
  private final Axis y;
  private final double aspect;
  private final String description;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Key> keys = new ArrayList<>();

  /** A part of the plot. */
  private interface Shape {
    String draw(Frame frame);
  }

  /** A line of the legend: a shape around (0, 0) and its name. */
  private record Key(String shape, String name) {
    double width() {
      return KEY + LETTER * name.length() + FONT;
    }
  }

  /**
   * Creates an empty plot.
   *
   * @param aspect the height of the area between the axes by its width
   * @param description the text for readers who cannot see it
   */
  SvgPlot(Axis x, Axis y, double aspect, String description) {
    this.x = x;
    this.y = y;
    this.aspect = aspect;
    this.description = description;
  }

  private static String css() {
    try (InputStream file = SvgPlot.class.getResourceAsStream("plot.css")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the resource plot.css is missing from the jar", e);
    }
  }

  /** The edges of the area between the axes, in pixels. */
  private record Frame(Axis x, Axis y, double left, double top, double right, double bottom) {
    double x(double value) {
      double start = left + (x.none() == null ? 0 : BAND);
      return x.isZero(value) ? left + NONE : start + x.share(value) * (right - start);
    }

    double y(double value) {
      double start = bottom - (y.none() == null ? 0 : BAND);
      return y.isZero(value) ? bottom - NONE : start - y.share(value) * (start - top);
    }
  }

  /** Returns the class of the curve with an index, so that neighbors differ. */
  static String kind(int index) {
    return "curve" + (index % CURVES + 1) + (index < CURVES ? "" : " dashed");
  }

  /** Adds a curve. */
  <T> SvgPlot curve(
      String kind, String name, List<T> points, ToDoubleFunction<T> px, ToDoubleFunction<T> py) {
    keys.add(new Key(element("path", "class", "line " + kind, "d", "M-16 0H0"), name));
    shapes.add(
        frame -> {
          Polyline line = new Polyline();
          points.forEach(
              point ->
                  line.add(frame.x(px.applyAsDouble(point)), frame.y(py.applyAsDouble(point))));
          return element("path", "class", "line " + kind, "d", line.path());
        });
    return this;
  }

  /**
   * Adds bars of equal width, filled down to the axis.
   *
   * @param from the lower edge of the first bar
   */
  SvgPlot bars(String kind, String name, double from, double width, List<Double> heights) {
    keys.add(
        new Key(
            element("rect", "class", "area " + kind, "x", -16, "y", -6, "width", 14, "height", 12),
            name));
    shapes.add(
        frame -> {
          StringBuilder path = new StringBuilder();
          Polyline line = new Polyline();
          for (int bar = 0; bar <= heights.size(); bar++) {
            double edge = frame.x(from + bar * width);
            if (bar < heights.size() && heights.get(bar) > 0) {
              double height = frame.y(heights.get(bar));
              line.add(edge, line.isEmpty() ? frame.bottom : height);
              line.add(edge, height);
              line.add(frame.x(from + (bar + 1) * width), height);
            } else if (!line.isEmpty()) {
              line.add(edge, frame.bottom);
              path.append(line.path());
              line = new Polyline();
            }
          }
          return element("path", "class", "area " + kind, "d", path);
        });
    return this;
  }

  /** Adds a vertical line with a name at its top. */
  SvgPlot vertical(String name, double value) {
    shapes.add(
        frame -> {
          double at = frame.x(value);
          double half = LETTER * name.length() / 2;
          double text = Math.max(frame.left + half, Math.min(frame.right - half, at));
          return element(
                  "path",
                  "class",
                  "mark line",
                  "d",
                  "M" + number(at) + " " + number(frame.top) + "V" + number(frame.bottom))
              + text("middle", text, frame.top - 6, name);
        });
    return this;
  }

  /** Marks a point with its bounds as a cross. */
  SvgPlot mark(String name, ErrorRate atX, ErrorRate atY) {
    keys.add(new Key(element("circle", "class", "mark", "cx", -8, "cy", 0, "r", 4), name));
    shapes.add(
        frame -> {
          String px = number(frame.x(atX.value()));
          String py = number(frame.y(atY.value()));
          return element(
                  "path",
                  "class",
                  "bounds",
                  "d",
                  "M"
                      + number(frame.x(atX.lower()))
                      + " "
                      + py
                      + "H"
                      + number(frame.x(atX.upper()))
                      + "M"
                      + px
                      + " "
                      + number(frame.y(atY.lower()))
                      + "V"
                      + number(frame.y(atY.upper())))
              + element("circle", "class", "mark", "cx", px, "cy", py, "r", 4.5);
        });
    return this;
  }

  /** Marks the equal error rate. */
  SvgPlot markEqualErrorRate(double rate) {
    String diamond = "M-5 0L0 -5L5 0L0 5Z";
    keys.add(
        new Key(
            element("path", "class", "equal", "transform", "translate(-8 0)", "d", diamond),
            "equal error rate " + Rates.percent(rate)));
    shapes.add(
        frame ->
            element(
                "path",
                "class",
                "equal",
                "transform",
                "translate(" + number(frame.x(rate)) + " " + number(frame.y(rate)) + ")",
                "d",
                diamond));
    return this;
  }

  /**
   * Draws the plot as an element {@code svg} of a page. Its attributes {@code data-left}, {@code
   * data-right}, {@code data-top} and {@code data-bottom} are the edges of the area between the
   * axes, in its own pixels, for scripts that add marks.
   *
   * @param width the width, in pixels
   */
  String svg(int width) {
    return drawing(width, "", "");
  }

  /** Draws the plot as a file that needs no style sheet. */
  String file() {
    return drawing(WIDE, " xmlns=\"http://www.w3.org/2000/svg\"", "<style>" + CSS + "</style>");
  }

  private String drawing(int width, String attributes, String style) {
    int rows = rows(width);
    double labels =
        y.ticks().stream().mapToDouble(tick -> LETTER * tick.label().length()).max().orElse(0);
    double left = Math.ceil(labels) + 10;
    double right = width - 3 * LETTER;
    double top = (rows + 1) * LINE + 20;
    double bottom = Math.rint(top + Math.min(HIGHEST, aspect * (right - left)));
    Frame frame = new Frame(x, y, left, top, right, bottom);
    int height = (int) bottom + 2 * LINE + 6;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg%s class=\"plot\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                + " aria-label=\"%s\" data-left=\"%s\" data-right=\"%s\" data-top=\"%s\""
                + " data-bottom=\"%s\">",
            attributes,
            width,
            height,
            width,
            height,
            escaped(description),
            number(left),
            number(right),
            number(top),
            number(bottom)));
    svg.append(style);
    legend(svg, width);
    axes(svg, frame, rows);
    shapes.forEach(shape -> svg.append(shape.draw(frame)));
    bandNames(svg, frame);
    return svg.append("</svg>").toString();
  }

  private int rows(int width) {
    int rows = keys.isEmpty() ? 0 : 1;
    double at = 0;
    for (Key key : keys) {
      if (at > 0 && at + key.width() > width) {
        rows++;
        at = 0;
      }
      at += key.width();
    }
    return rows;
  }

  private void legend(StringBuilder svg, int width) {
    double at = 0;
    double middle = LINE / 2.0;
    for (Key key : keys) {
      if (at > 0 && at + key.width() > width) {
        at = 0;
        middle += LINE;
      }
      svg.append(
          String.format(
              Locale.ROOT,
              "<g transform=\"translate(%s %s)\">%s</g>",
              number(at + 17),
              number(middle),
              key.shape));
      svg.append(text("start", at + KEY, middle + 4.5, cut(key.name, width - KEY)));
      at += key.width();
    }
  }

  /** Returns the beginning of a text that has no room. */
  private static String cut(String text, double room) {
    int most = (int) (room / LETTER);
    return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
  }

  private void axes(StringBuilder svg, Frame frame, int rows) {
    svg.append(text("start", 0, rows * LINE + 18, y.title()));
    svg.append(text("end", frame.right, frame.bottom + 2 * LINE, x.title()));
    double widest =
        x.ticks().stream()
            .mapToDouble(tick -> LETTER * (tick.label().length() + 1))
            .max()
            .orElse(1);
    double start = frame.x(x.from());
    for (Axis.Tick tick : x.ticks((int) ((frame.right - start) / widest) + 1)) {
      double at = frame.x(tick.value());
      svg.append(grid(at, frame.top, at, frame.bottom));
      svg.append(text("middle", at, frame.bottom + 17, tick.label()));
    }
    for (Axis.Tick tick : y.ticks((int) ((frame.bottom - frame.top) / (1.6 * FONT)))) {
      double at = frame.y(tick.value());
      svg.append(grid(frame.left, at, frame.right, at));
      svg.append(text("end", frame.left - 6, at + 4.5, tick.label()));
    }
    bands(svg, frame);
    svg.append(
        element(
            "path",
            "class",
            "axis",
            "d",
            "M"
                + number(frame.left)
                + " "
                + number(frame.top)
                + "V"
                + number(frame.bottom)
                + "H"
                + number(frame.right)));
  }

  /** Draws the places of rates of 0. */
  private void bands(StringBuilder svg, Frame frame) {
    if (x.none() != null) {
      svg.append(band(frame.left, frame.top, BAND, frame.bottom - frame.top));
    }
    if (y.none() != null) {
      svg.append(band(frame.left, frame.bottom - BAND, frame.right - frame.left, BAND));
    }
  }

  private static String band(double left, double top, double width, double height) {
    return element(
        "rect",
        "class",
        "band",
        "x",
        number(left),
        "y",
        number(top),
        "width",
        number(width),
        "height",
        number(height));
  }

  /** Writes the names of the places of rates of 0, above curves that cross them. */
  private void bandNames(StringBuilder svg, Frame frame) {
    if (x.none() != null) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"none\" text-anchor=\"end\" transform=\"translate(%s %s) rotate(-90)\">%s</text>",
              number(frame.left + BAND - 6),
              number(frame.top + 8),
              escaped(x.none())));
    }
    if (y.none() != null) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"none\" x=\"%s\" y=\"%s\">%s</text>",
              number(frame.left + BAND + 8),
              number(frame.bottom - NONE - 8),
              escaped(y.none())));
    }
  }

  private static String grid(double x1, double y1, double x2, double y2) {
    return element(
        "path",
        "class",
        "grid",
        "d",
        "M" + number(x1) + " " + number(y1) + "L" + number(x2) + " " + number(y2));
  }

  private static String text(String anchor, double x, double y, String text) {
    return String.format(
        Locale.ROOT,
        "<text text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>",
        anchor,
        number(x),
        number(y),
        escaped(text));
  }

  /** Returns an empty element with attributes, which are names and values in turn. */
  private static String element(String name, Object... attributes) {
    StringBuilder element = new StringBuilder("<").append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      element.append(' ').append(attributes[i]).append("=\"").append(attributes[i + 1]).append('"');
    }
    return element.append("/>").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Returns a coordinate with one decimal, as short as possible. */
  private static String number(double value) {
    long tenths = Math.round(10 * value);
    String digits = (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10;
    return tenths % 10 == 0 ? digits : digits + "." + Math.abs(tenths) % 10;
  }

  /**
   * A line whose points differ by a tenth of a pixel at least, without those between its corners.
   */
  private static final class Polyline {
    private final List<long[]> corners = new ArrayList<>();

    boolean isEmpty() {
      return corners.isEmpty();
    }

    void add(double x, double y) {
      long[] next = {Math.round(10 * x), Math.round(10 * y)};
      int size = corners.size();
      if (size > 0 && corners.get(size - 1)[0] == next[0] && corners.get(size - 1)[1] == next[1]) {
        return;
      }
      if (size > 1 && (isBetween(size - 1, next, 0) || isBetween(size - 1, next, 1))) {
        corners.remove(size - 1);
      }
      corners.add(next);
    }

    /** Returns whether a corner is on a vertical or horizontal line from the one before it. */
    private boolean isBetween(int corner, long[] next, int axis) {
      long[] before = corners.get(corner - 1);
      long[] middle = corners.get(corner);
      return before[axis] == middle[axis]
          && middle[axis] == next[axis]
          && (middle[1 - axis] - before[1 - axis]) * (next[1 - axis] - middle[1 - axis]) > 0;
    }

    String path() {
      StringBuilder path = new StringBuilder();
      for (long[] corner : corners) {
        path.append(path.isEmpty() ? 'M' : 'L')
            .append(number(corner[0] / 10.0))
            .append(' ')
            .append(number(corner[1] / 10.0));
      }
      return path.toString();
    }
  }
}
