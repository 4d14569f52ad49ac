// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.IdentificationPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four reports, from made-up scores. */
class EvaluationTest {
  private static final ReportOrigin ORIGIN =
      ReportOrigin.now(Clock.fixed(Instant.parse("2026-02-03T04:05:06.789Z"), ZoneOffset.UTC))
          .withCommand("omote evaluate 'a <set>'");

  @TempDir private Path folder;
  private Protocol protocol;

  @BeforeEach
  void makeImages() throws IOException {
    for (String name : List.of("ann/1.jpg", "ann/2.jpg", "bob/1.jpg", "bob/2.jpg")) {
      Path file = folder.resolve("a <set>").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
    protocol = Protocol.read(folder.resolve("a <set>"));
  }

  private EmbeddedImages embedded() throws IOException {
    return EmbeddedImages.of(
        protocol,
        file -> {
          float x = file.getParent().endsWith("ann") ? 1 : 0;
          float y = file.endsWith("1.jpg") ? 0.2f : 0.3f;
          return Optional.of(FaceEmbedding.ofRaw("m:1", new float[] {x, 1 - x, y}));
        },
        null,
        2,
        () -> {});
  }

  private Evaluation<?, ?> evaluation(String kind) throws IOException {
    return switch (kind) {
      case "verification" -> verification();
      case "identification" -> identification();
      case "liveness" -> liveness();
      default -> quality();
    };
  }

  private Evaluation<VerificationScores, VerificationReport> verification() throws IOException {
    EmbeddedImages images = embedded();
    WorstPairs.Collector worst = new WorstPairs.Collector();
    List<VerificationScores> folds = images.compare(worst);
    return new Evaluation<>(
        folds.get(0),
        VerificationReport.of(
            ORIGIN, protocol.name(), "m:1", 0.5, images, folds, Duration.ofSeconds(1)),
        true,
        worst.build(protocol, null),
        images);
  }

  private Evaluation<IdentificationScores, IdentificationReport> identification()
      throws IOException {
    WorstPairs.Collector worst = new WorstPairs.Collector();
    IdentificationScores scores = OpenSet.of(embedded(), "m:1").search(1, 3, worst);
    return new Evaluation<>(
        scores,
        IdentificationReport.of(
            ORIGIN,
            protocol.name(),
            "m:1",
            2,
            3,
            IdentificationPolicy.ofThreshold(0.5).at("m:1", 1),
            scores),
        true,
        worst.build(protocol, null),
        null);
  }

  private Evaluation<PresentationAttackScores, LivenessReport> liveness() {
    return liveness("print", "screen");
  }

  private Evaluation<PresentationAttackScores, LivenessReport> liveness(
      String first, String second) {
    PresentationAttackScores.Builder builder = PresentationAttackScores.builder().addLive(0.9);
    for (int i = 0; i < 40; i++) {
      builder.addAttack(first, 0.1).addAttack(second, 0.2);
    }
    PresentationAttackScores scores = builder.build();
    return new Evaluation<>(
        scores, LivenessReport.of(ORIGIN, protocol.name(), 0.5, scores, 0), true, null, null);
  }

  private Evaluation<Map<String, ErrorVersusDiscard>, QualityReport> quality() {
    Map<String, ErrorVersusDiscard> scores =
        Map.of("sharpness", ErrorVersusDiscard.builder().add(0.1, 0.3).add(0.9, 0.8).build());
    return new Evaluation<>(
        scores,
        QualityReport.of(ORIGIN, protocol.name(), "m:1", 0.5, protocol, 0, scores),
        true,
        null,
        null);
  }

  private static String text(EvaluationReport report) {
    StringWriter text = new StringWriter();
    report.print(new PrintWriter(text));
    return text.toString();
  }

  private static List<String> files(EvaluationReport report) {
    if (report instanceof VerificationReport) {
      return VerificationReport.FILES;
    }
    if (report instanceof IdentificationReport) {
      return IdentificationReport.FILES;
    }
    return report instanceof LivenessReport ? LivenessReport.FILES : QualityReport.FILES;
  }

  @ParameterizedTest
  @ValueSource(strings = {"verification", "identification", "liveness", "quality"})
  void writeTo_ofANewFolder_writesTheNamedFilesAndNothingElse(String kind) throws IOException {
    Evaluation<?, ?> evaluation = evaluation(kind);
    Path output = folder.resolve("new/output");
    evaluation.writeTo(output);
    EvaluationReport report = evaluation.report();
    try (Stream<Path> written = Files.list(output)) {
      assertThat(written.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(files(report));
    }
    Path json = output.resolve(files(report).get(0));
    assertThat(JsonParser.parseString(report.toJson()))
        .isEqualTo(JsonParser.parseString(Files.readString(json)));
    assertThat(json).content().doesNotContain(".jpg");
    assertThat(output.resolve("report.html"))
        .content()
        .contains("<h1>a &lt;set&gt;</h1>", "src=\"data:image/png;base64,iVBOR")
        .doesNotContain("<set>", "{{", "<script", "http:", "https:", ".jpg");

    assertThatThrownBy(() -> evaluation.writeTo(output)).isInstanceOf(FaceException.class);
  }

  @Test
  void print_ofVerification_alignsItsTable() throws IOException {
    assertThat(text(verification().report()))
        .startsWith("data set          a <set>\nmodel             m:1\n")
        .contains(
            "mated             2 comparisons, 0 failed (false non-matches)\n",
            "\nat        threshold   FMR, 95 % bounds",
            "\ndefault   0.5000      0.00000 % (0.00000 to 60.23646)   0.00 % (0.00 to 84.19)\n")
        .endsWith("those that share an image are not.\n");
  }

  @Test
  void print_ofLiveness_hasARowForEachSpecies() {
    assertThat(text(liveness().report()))
        .contains("print             40 images, 0 without a score\n")
        .containsPattern("\ngiven      0.5000      0.00 % .* 0.00 % .*\n  print {16}0.00 %")
        .contains("\nNo lower APCER: an APCER of 0.05 needs at least 60 attacks");
  }

  @Test
  void print_ofLivenessWithASpeciesNamedLikeALine_keepsBothLines() {
    assertThat(text(liveness("live", "D-EER").report()))
        .contains(
            "live              1 images, 0 without a score\n",
            "live              40 images, 0 without a score\n",
            "D-EER             40 images, 0 without a score\n",
            "D-EER             0.00 %\n");
  }

  @Test
  void writeTo_ofIdentification_writesAPageWithoutAnEmptyTable() throws IOException {
    Path output = folder.resolve("out");
    identification().writeTo(output);
    assertThat(output.resolve("report.html")).content().doesNotContain("<h2></h2>", "<tr></tr>");
  }

  @Test
  void writeTo_ofVerification_writesEachPair() throws IOException {
    Path output = folder.resolve("out");
    verification().writeTo(output);
    assertThat(output.resolve("scores.csv"))
        .content()
        .hasLineCount(7)
        .startsWith("image1,image2,same,fold,similarity\nann/1.jpg,ann/2.jpg,1,1,0.99");
  }

  /** A folder may have any name, that of another line, too. */
  @Test
  void print_ofLiveness_hasALineForEachSpecies() throws IOException {
    PresentationAttackScores scores =
        PresentationAttackScores.builder()
            .addLive(0.9)
            .addLive(0.8)
            .addAttack("live", 0.1)
            .addAttack("D-EER", 0.2)
            .addAttack("mask of a resin <b>", 0.3)
            .build();
    Evaluation<?, ?> evaluation =
        new Evaluation<>(
            scores, LivenessReport.of(ORIGIN, "set", null, scores, 0), true, null, null);
    assertThat(text(evaluation.report()))
        .startsWith(
            """
            data set            set
            live                2 images, 0 without a score
            D-EER               1 images, 0 without a score
            live                1 images, 0 without a score
            mask of a resin <b> 1 images, 0 without a score
            D-EER               0.00 %
            """);
    evaluation.writeTo(folder.resolve("out"));
    assertThat(folder.resolve("out/report.html"))
        .content()
        .contains(
            "<tr><th>live</th><td>2 images,",
            "<tr><th>live</th><td>1 images,",
            "<th>mask of a resin &lt;b&gt;</th>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verification", "identification", "liveness", "quality"})
  void writeTo_leavesNoEmptyElements(String kind) throws IOException {
    evaluation(kind).writeTo(folder.resolve("out"));
    assertThat(folder.resolve("out/report.html"))
        .content()
        .doesNotContain("<h2></h2>", "<tr></tr>", "<p></p>");
  }

  /** The first images of all people show no face, so nobody is in any gallery. */
  @Test
  void writeTo_ofSearchesOfAnEmptyGallery_writesJson() throws IOException {
    EmbeddedImages images =
        EmbeddedImages.of(
            protocol,
            file ->
                file.endsWith("1.jpg")
                    ? Optional.empty()
                    : Optional.of(FaceEmbedding.ofRaw("m:1", new float[] {1, 2})),
            null,
            2,
            () -> {});
    IdentificationScores scores =
        OpenSet.of(images, "m:1").search(1, 3, new WorstPairs.Collector());
    IdentificationReport report =
        IdentificationReport.of(
            ORIGIN, "set", "m:1", 2, 3, IdentificationPolicy.ofThreshold(0.5).at("m:1", 1), scores);
    assertThat(report.curve()).containsExactly(new IdentificationScores.Point(-1, 0, 1));
    new Evaluation<>(scores, report, true, null, null).writeTo(folder.resolve("out"));
    assertThat(JsonParser.parseString(Files.readString(folder.resolve("out/identification.json"))))
        .isEqualTo(JsonParser.parseString(report.toJson()));
  }

  /** The digits of a plot do not depend on the computer. */
  @Test
  void writeTo_inAnotherLocale_drawsTheSame() throws IOException {
    Evaluation<?, ?> evaluation = verification();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      evaluation.writeTo(folder.resolve("arabic"));
      Locale.setDefault(Locale.US);
      evaluation.writeTo(folder.resolve("american"));
    } finally {
      Locale.setDefault(before);
    }
    for (String name : VerificationReport.FILES) {
      assertThat(folder.resolve("arabic").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("american").resolve(name));
    }
  }
}
