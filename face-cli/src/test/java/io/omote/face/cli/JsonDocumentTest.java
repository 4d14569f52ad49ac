// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonStreamParser;
import com.networknt.schema.InputFormat;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.ExpressionCoefficient;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of the commands is what the document and the schemas say. */
class JsonDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/json.md");
  private static final String HOPPER = "../samples/grace_hopper.jpg";
  private static final String ASTRONAUT = "../samples/astronaut.png";

  @TempDir private Path folder;

  @BeforeEach
  void enroll() throws IOException {
    Path hopper = Files.createDirectories(folder.resolve("people/hopper"));
    Files.copy(Path.of(HOPPER), hopper.resolve("1.jpg"));
    Run run = Run.of(new Enroll(), folder.resolve("gallery"), folder.resolve("people"));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void examples_areWhatCommandsPrint() throws IOException {
    List<MatchResult> examples =
        Pattern.compile("```sh\\nomote ([^\\n]*)\\n```\\n\\n```json\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT))
            .results()
            .toList();
    assertThat(examples).hasSize(11);
    for (MatchResult example : examples) {
      Object[] words =
          example
              .group(1)
              .replaceAll(" (samples\\b)", " ../$1")
              .replaceAll(" (gallery|people|published)\\b", " " + folder + "/$1")
              .split(" ");
      Run run = Run.of(Omote.of(), words);
      String output = run.out().replace("../samples/", "samples/").replace(folder + "/", "");
      assertAlike(values(example.group(2)), values(output));
    }
  }

  private static JsonArray values(String json) {
    JsonArray values = new JsonArray();
    new JsonStreamParser(json).forEachRemaining(values::add);
    return values;
  }

  /**
   * Compares an example, whose numbers are rounded, and whose texts, arrays and objects may end in
   * dots.
   */
  private static void assertAlike(JsonElement example, JsonElement real) {
    if (example.isJsonObject()) {
      JsonObject object = example.getAsJsonObject();
      boolean hasDots = object.remove("…") != null;
      if (!hasDots) {
        assertThat(real.getAsJsonObject().keySet()).containsExactlyElementsOf(object.keySet());
      }
      object.keySet().forEach(key -> assertAlike(object.get(key), real.getAsJsonObject().get(key)));
    } else if (example.isJsonArray()) {
      assertAlike(example.getAsJsonArray(), real.getAsJsonArray());
    } else if (example.isJsonPrimitive() && example.getAsJsonPrimitive().isNumber()) {
      double number = example.getAsDouble();
      assertThat(real.getAsDouble())
          .isCloseTo(number, within(Math.max(0.02, 0.02 * Math.abs(number))));
    } else if (example.toString().endsWith("…\"")) {
      assertThat(real.getAsString()).startsWith(example.getAsString().replace("…", ""));
    } else {
      assertThat(real).isEqualTo(example);
    }
  }

  private static void assertAlike(JsonArray example, JsonArray real) {
    int count = example.size();
    boolean hasDots =
        count > 0
            && example.get(count - 1).isJsonPrimitive()
            && example.get(count - 1).toString().equals("\"…\"");
    if (!hasDots) {
      assertThat(real).hasSize(count);
    }
    for (int at = 0; at < (hasDots ? count - 1 : count); at++) {
      assertAlike(example.get(at), real.get(at));
    }
  }

  private static void assertValid(String schema, Run run) throws IOException {
    assertThat(run.out()).as(run.err()).isNotEmpty();
    JsonSchemas.assertValid(schema, run.out());
  }

  @Test
  void answers_fitTheirSchemas() throws IOException {
    Path empty = Images.empty(folder.resolve("empty.jpg"));
    Path text = Files.writeString(folder.resolve("text.jpg"), "text");
    Path gallery = folder.resolve("gallery");
    assertValid("detect", Run.of(new Detect(), HOPPER, empty, text, "--json"));
    assertValid("analyze", Run.of(new Analyze(), HOPPER, empty, text, "--json"));
    assertValid("compare", Run.of(new Compare(), HOPPER, ASTRONAUT, HOPPER, empty, text, "--json"));
    assertValid("compare", Run.of(new Compare(), text, HOPPER, "--json"));
    assertValid(
        "identify",
        Run.of(new Identify(), gallery, HOPPER, ASTRONAUT, text, "--json", "--limit", "3"));
    assertValid(
        "identify", Run.of(new Identify(), gallery, ASTRONAUT, "--json", "--threshold", "0.5"));
    assertValid(
        "blur",
        Run.of(
            new Blur(),
            HOPPER,
            ASTRONAUT,
            empty,
            text,
            "--json",
            "--except",
            gallery,
            "--output",
            folder.resolve("out")));
  }

  @Test
  void otherAnswers_fitTheirSchemas() throws IOException {
    Path people = folder.resolve("people");
    Path gallery = folder.resolve("gallery");
    Images.admiral(folder.resolve("people/lookalike/1.jpg"), 420);
    Images.empty(folder.resolve("people/maya/1.jpg"));
    Files.writeString(folder.resolve("people/maya/2.jpg"), "text");
    Run enrolled = Run.of(new Enroll(), gallery, people, "--json");
    assertThat(enrolled.out()).contains("lookalike\":{", "withoutSample\":[\"maya\"]");
    assertValid("enroll", enrolled);
    Path file = folder.resolve("faces.jsonl");
    assertValid("embed", Run.of(new Embed(), people, "--json", "--output", file));
    JsonSchemas.assertValid("embed", Files.readString(file));
    Run embedded = Run.of(new Embed(), people);
    assertThat(embedded.out()).contains("\"embedding\":", "\"faces\":[]", "\"error\":");
    assertValid("embed", embedded);
    Path export = folder.resolve("export.jsonl");
    assertValid("gallery", Run.of(new Gallery(), gallery, "--json", "--export", export));
    JsonSchemas.assertValid("gallery-export", Files.readString(export));
    Path other = folder.resolve("other");
    assertValid("gallery", Run.of(new Gallery(), other, "--json", "--import", export));
    assertValid("gallery", Run.of(new Gallery(), other, "--json", "--remove", "hopper"));
    Run albums = Run.of(new Albums(), people, HOPPER, ASTRONAUT, "--json", "--gallery", other);
    assertThat(albums.out()).contains("\"ungrouped\":", "\"fmr\":", "\"person\":\"lookalike\"");
    assertValid("albums", albums);
    assertValid("albums", Run.of(new Albums(), people, "--json", "--threshold", "0.5"));
    assertValid("models-list", Run.of(Omote.of(), "models", "list", "--json"));
    assertValid("models-verify", Run.of(Omote.of(), "models", "verify", "lite", "--json"));
  }

  /** Each schema is in the document, and each of the document is there. */
  @Test
  void document_namesAllSchemas() throws IOException {
    Path schemas = Path.of("src/main/resources/io/omote/face/cli/schema");
    try (Stream<Path> files = Files.list(schemas)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Pattern.compile("cli/schema/([\\w-]+\\.json)\\)")
                  .matcher(Files.readString(DOCUMENT))
                  .results()
                  .map(link -> link.group(1))
                  .collect(Collectors.toSet()));
    }
  }

  /** Faces with results of all analyzers, which few packs have together. */
  @Test
  void allAnalyses_fitTheSchema() throws IOException {
    Landmarks points =
        new Landmarks(
            new Point(40, 60),
            new Point(40, 20),
            new Point(25, 40),
            new Point(10, 55),
            new Point(10, 25));
    Face face = new Face(new BoundingBox(0, 0, 60, 80), 1, Optional.of(points));
    FaceImage image = FaceImage.ofBgr(new byte[3 * 80 * 80], 80, 80);
    AnalyzedFace analyzed =
        new AnalyzedFace(
            face,
            Optional.of(DenseLandmarks.of(new float[2 * 106])),
            Optional.of(DenseLandmarks.withDepth(new float[3 * 68])),
            Optional.of(mesh()),
            Optional.of(new HeadPose(1, 2, 3)),
            false,
            Optional.of(new AgeAndSex(30, 1, 0)),
            Optional.of(new Liveness(List.of(0.5f))),
            Optional.of(new FaceQuality(0.5f, "model")),
            Optional.of(MeasuredQuality.of(image, face)));
    JsonObject line = AnalysisJson.image(image, List.of(analyzed));
    assertThat(line.getAsJsonArray("faces").get(0).getAsJsonObject().keySet())
        .contains("turn", "landmarks106", "mesh", "age", "sex", "liveness");
    line.addProperty("version", 1);
    line.addProperty("image", "a.jpg");
    assertValid("analyze", new Run(0, line.toString(), ""));
  }

  private static FaceMesh mesh() {
    return FaceMesh.of(1, DenseLandmarks.withDepth(new float[3 * FaceMesh.POINTS]))
        .withCoefficients(
            Arrays.stream(ExpressionCoefficient.values())
                .collect(Collectors.toMap(each -> each, each -> 0.02)));
  }

  @Test
  void otherKeys_doNotFit() throws IOException {
    assertThat(
            JsonSchemas.closed("detect")
                .validate(
                    "{\"version\":1,\"image\":\"a\",\"width\":1,\"height\":1,\"faces\":[],\"more\":1}",
                    InputFormat.JSON))
        .isNotEmpty();
  }
}
