// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The drawing of plots. */
class SvgPlotTest {
  private static final int BAND = 30;

  private static List<String> found(String pattern, String svg) {
    return Pattern.compile(pattern).matcher(svg).results().map(result -> result.group(1)).toList();
  }

  private static double attribute(String name, String svg) {
    return Double.parseDouble(found(name + "=\"([^\"]+)\"", svg).get(0));
  }

  /** Returns the labels that are centered below the x axis, or right-aligned beside the y axis. */
  private static List<String> labels(String anchor, String svg) {
    return found("<text text-anchor=\"" + anchor + "\"[^>]*>([^<]* %)</text>", svg);
  }

  private static SvgPlot det(long trialsX, long trialsY) {
    return new SvgPlot(
        Axis.ofErrorRate("FMR", trialsX, Rates.none(trialsX)),
        Axis.ofErrorRate("FNMR", trialsY, Rates.none(trialsY)),
        0.7,
        "both rates");
  }

  /** Returns the corners of a curve. */
  private static List<double[]> corners(String kind, String svg) {
    String path = found("<path class=\"line " + kind + "\" d=\"(M[^H\"]*)\"", svg).get(0);
    List<double[]> corners = new ArrayList<>();
    for (MatchResult corner :
        Pattern.compile("[ML]([\\d.]+) ([\\d.]+)").matcher(path).results().toList()) {
      corners.add(
          new double[] {Double.parseDouble(corner.group(1)), Double.parseDouble(corner.group(2))});
    }
    return corners;
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "10", "99", "300", "3000", "179400", "87307271", "100000000000"})
  void errorRates_ofAnyNumberOfTrials_haveTwoLabelsAtLeast(long trials) {
    for (int width : new int[] {SvgPlot.NARROW, SvgPlot.WIDE}) {
      String svg = det(trials, trials).svg(width);
      assertThat(labels("middle", svg))
          .hasSizeBetween(2, 9)
          .doesNotHaveDuplicates()
          .contains("100 %");
      assertThat(labels("end", svg))
          .hasSizeBetween(2, 12)
          .doesNotHaveDuplicates()
          .contains("100 %");
      assertThat(svg).contains(String.format(Locale.ROOT, ">none of %,d<", trials));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-9, 0.0034, 0.01, 0.1, 0.1034, 0.7, 1})
  void shares_upToAnyValue_haveTwoLabelsAtLeast(double most) {
    Axis axis = Axis.ofShare("share", most);
    assertThat(axis.to()).isGreaterThanOrEqualTo(most).isPositive();
    assertThat(axis.ticks()).hasSizeBetween(2, 8);
    assertThat(axis.ticks(1)).hasSize(2);
    assertThat(axis.ticks().get(0).label()).isEqualTo("0 %");
  }

  /** A rate of 0 has no place on a logarithmic scale: nothing may look like half an error. */
  @Test
  void curve_withoutErrors_isInThePlacesOfZero() {
    List<VerificationScores.Point> det =
        VerificationScores.of(new double[] {0.8, 0.9}, new double[] {0.1, 0.2}).det();
    String svg =
        det(300, 300)
            .curve(
                "curve1", "all", det, VerificationScores.Point::fmr, VerificationScores.Point::fnmr)
            .svg(SvgPlot.WIDE);
    double left = attribute("data-left", svg);
    double bottom = attribute("data-bottom", svg);
    List<double[]> corners = corners("curve1", svg);
    assertThat(corners).hasSize(3);
    assertThat(corners).allMatch(corner -> corner[0] < left + BAND || corner[1] > bottom - BAND);
    assertThat(corners.get(0)[0]).isEqualTo(attribute("data-right", svg));
    assertThat(corners.get(2)[1]).isEqualTo(attribute("data-top", svg));
  }

  @Test
  void curve_withErrors_isOnTheScales() {
    String svg =
        det(1000, 1000)
            .curve("curve1", "all", List.of(0.001, 0.1), rate -> rate, rate -> rate)
            .svg(SvgPlot.WIDE);
    double start = attribute("data-left", svg) + BAND;
    double length = attribute("data-right", svg) - start;
    List<double[]> corners = corners("curve1", svg);
    assertThat(corners.get(0)[0]).isEqualTo(start);
    assertThat(corners.get(1)[0]).isCloseTo(start + 2 * length / 3, within(0.11));
  }

  /** The bounds of a rate of 0 begin in its place. */
  @Test
  void mark_withoutErrors_isInThePlaceOfZero() {
    ErrorRate none = ClopperPearson.rate(0, 300);
    String svg = det(300, 300).mark("threshold", none, ClopperPearson.rate(5, 300)).svg(560);
    double left = attribute("data-left", svg);
    assertThat(attribute("class=\"mark\" cx", svg.substring(svg.indexOf("class=\"bounds\""))))
        .isBetween(left, left + BAND);
    assertThat(svg).containsPattern("class=\"bounds\" d=\"M[\\d.]+ [\\d.]+H[\\d.]+M");
  }

  @Test
  void histogram_withoutSimilaritiesOfAKind_isDrawn() {
    Histogram histogram = new Histogram(1, Collections.nCopies(2, 0.0), List.of(0.25, 0.75));
    assertThatIllegalArgumentException().isThrownBy(() -> histogram.toSvg(0.35, 279));
    String svg = histogram.toSvg(0.35, 300);
    assertThat(svg)
        .startsWith("<svg class=\"plot\" viewBox=\"0 0 300 ")
        .contains("<path class=\"area mated\" d=\"\"/>", ">threshold 0.3500</text>")
        .endsWith("</svg>");
    double left = attribute("data-left", svg);
    double right = attribute("data-right", svg);
    double bottom = attribute("data-bottom", svg);
    String area = found("<path class=\"area non-mated\" d=\"([^\"]+)\"", svg).get(0);
    assertThat(area).startsWith("M" + plain(left) + " " + plain(bottom));
    assertThat(area).endsWith("L" + plain(right) + " " + plain(bottom));
  }

  private static String plain(double value) {
    return String.valueOf(value).replaceFirst("\\.0$", "");
  }

  /** Names of data sets and networks are from outside. */
  @Test
  void names_areText() {
    String svg = det(10, 10).curve("curve1", "<b>&\"", List.of(), point -> 0, point -> 0).svg(560);
    assertThat(svg).contains(">&lt;b&gt;&amp;&quot;</text>").doesNotContain("<b>");
  }

  @Test
  void names_withoutRoom_areCut() {
    String name = "w".repeat(200);
    String svg =
        det(10, 10).curve("curve1", name, List.of(), point -> 0, point -> 0).svg(SvgPlot.NARROW);
    String shown = found(">(w+\u2026)<", svg).get(0);
    assertThat(shown.length() * SvgPlot.LETTER).isBetween(200.0, (double) SvgPlot.NARROW);
    assertThat(det(10, 10).curve("curve1", "www", List.of(), point -> 0, point -> 0).svg(560))
        .contains(">www</text>");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 1})
  void nameOfALine_atAnEdge_staysWithinThePlot(double value) {
    String svg =
        new SvgPlot(Axis.ofSimilarity(), Axis.ofShare("share", 1), 0.7, "a line")
            .vertical("threshold " + value, value)
            .svg(SvgPlot.NARROW);
    String name = found("(<text[^>]*>threshold)", svg).get(0);
    double half = ("threshold " + value).length() * SvgPlot.LETTER / 2;
    assertThat(attribute(" x", name))
        .isBetween(
            attribute("data-left", svg) + half - 0.1, attribute("data-right", svg) - half + 0.1);
  }

  /** Only corners on the way to the next one are left out. */
  @Test
  void curve_thatTurnsBack_keepsItsEnd() {
    String svg =
        det(1000, 1000)
            .curve("curve1", "all", List.of(0.001, 0.01, 1.0, 0.1), rate -> 0.5, rate -> rate)
            .svg(SvgPlot.WIDE);
    List<double[]> corners = corners("curve1", svg);
    assertThat(corners).hasSize(3);
    assertThat(corners.get(1)[1]).isEqualTo(attribute("data-top", svg));
  }

  @Test
  void manyCurves_differFromTheirNeighbors() {
    assertThat(List.of(SvgPlot.kind(0), SvgPlot.kind(5), SvgPlot.kind(6)))
        .containsExactly("curve1", "curve6", "curve1 dashed");
  }

  /** Millions of corners are no more than the pixels show. */
  @Test
  void curve_ofManyPoints_isShort() {
    List<Double> points = new ArrayList<>();
    for (int i = 1; i <= 200_000; i++) {
      points.add(i / 200_000.0);
    }
    String svg =
        det(200_000, 200_000).curve("curve1", "all", points, p -> p, p -> 1 - p / 2).svg(560);
    assertThat(svg.length()).isLessThan(120_000);
  }

  @Test
  void file_hasItsStyleAndNamespace() {
    assertThat(det(10, 10).file())
        .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\"")
        .contains("<style>:root {", "prefers-color-scheme: dark");
  }
}
