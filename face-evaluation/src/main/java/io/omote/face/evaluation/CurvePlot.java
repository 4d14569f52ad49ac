// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import io.omote.face.internal.files.ImageFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws curves of error rates in percent. Used by one thread. */
final class CurvePlot {
  private final XYChart chart;

  /** The least rates that are drawn; lower ones, also none at all, stand there. */
  private final double leastX;

  private final double leastY;

  /** What 1 is on the axis: 100 of rates in percent. */
  private final double unitX;

  private CurvePlot(XYChart chart, double leastX, double leastY) {
    this(chart, leastX, leastY, 100);
  }

  private CurvePlot(XYChart chart, double leastX, double leastY, double unitX) {
    this.chart = chart;
    this.leastX = leastX;
    this.leastY = leastY;
    this.unitX = unitX;
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
  }

  /**
   * A detection error trade-off curve: both axes are logarithmic. A logarithm has no place for
   * rates of 0: they stand at half an error.
   *
   * @param trialsX of how many trials the one rate is
   * @param trialsY of how many trials the other is
   */
  static CurvePlot det(String title, String xAxis, long trialsX, String yAxis, long trialsY) {
    CurvePlot plot = new CurvePlot(chart(title, xAxis, yAxis), 0.5 / trialsX, 0.5 / trialsY);
    plot.chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setXAxisMin(100 * plot.leastX)
        .setXAxisMax(100.0)
        .setYAxisLogarithmic(true)
        .setYAxisMin(100 * plot.leastY)
        .setYAxisMax(100.0);
    return plot;
  }

  static CurvePlot linear(String title, String xAxis, String yAxis) {
    return new CurvePlot(chart(title, xAxis, yAxis), 0, 0);
  }

  /** Shares of comparisons over their similarity, which is no rate. */
  static CurvePlot overSimilarity(String title, String yAxis) {
    XYChart chart = chart(title, "", yAxis);
    chart.setXAxisTitle("similarity (cosine)");
    return new CurvePlot(chart, -1, 0, 1);
  }

  private static XYChart chart(String title, String xAxis, String yAxis) {
    return new XYChartBuilder()
        .width(720)
        .height(540)
        .title(title)
        .xAxisTitle(xAxis + ", %")
        .yAxisTitle(yAxis + ", %")
        .build();
  }

  /**
   * Adds a curve.
   *
   * @param name its name
   * @param points x and y of each point, as rates in [0, 1]
   */
  CurvePlot add(String name, double[][] points) {
    series(name, points).setMarker(SeriesMarkers.NONE).setLineStyle(new BasicStroke(1.5f));
    return this;
  }

  private XYSeries series(String name, double[]... points) {
    double[] xs = Arrays.stream(points).mapToDouble(p -> unitX * Math.max(leastX, p[0])).toArray();
    double[] ys = Arrays.stream(points).mapToDouble(p -> 100 * Math.max(leastY, p[1])).toArray();
    return chart.addSeries(name, xs, ys);
  }

  /** Marks a point. */
  CurvePlot mark(String name, double x, double y) {
    series(name, new double[] {x, y})
        .setMarker(SeriesMarkers.DIAMOND)
        .setMarkerColor(Color.RED)
        .setLineStyle(SeriesLines.NONE);
    return this;
  }

  /** Marks the rates of an operating point, with their bounds as a cross. */
  CurvePlot mark(String name, ErrorRate x, ErrorRate y) {
    series(name, new double[] {x.value(), y.value()})
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(Color.BLACK)
        .setLineStyle(SeriesLines.NONE);
    bound("95 % bounds", new double[] {x.lower(), y.value()}, new double[] {x.upper(), y.value()});
    bound(
        "95 % bounds, other rate",
        new double[] {x.value(), y.lower()}, new double[] {x.value(), y.upper()});
    chart.getSeriesMap().get("95 % bounds, other rate").setShowInLegend(false);
    return this;
  }

  private void bound(String name, double[] from, double[] to) {
    series(name, from, to)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Color.GRAY)
        .setLineStyle(new BasicStroke(1));
  }

  void write(Path file) throws IOException {
    chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    ImageFile.write(BitmapEncoder.getBufferedImage(chart), file);
  }
}
