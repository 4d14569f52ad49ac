// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
  void enroll() {
    Images.admiral(folder.resolve("people/hopper/1.jpg"), 400);
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
    assertThat(examples).hasSize(6);
    for (MatchResult example : examples) {
      Object[] words =
          Arrays.stream(example.group(1).split(" "))
              .map(word -> word.replaceFirst("^samples/", "../samples/"))
              .map(word -> word.matches("gallery|published") ? folder.resolve(word) : word)
              .toArray();
      Run run = Run.of(Omote.of(), words);
      String output = run.out().replace("../samples/", "samples/").replace(folder + "/", "");
      assertAlike(JsonParser.parseString(example.group(2)), JsonParser.parseString(output));
    }
  }

  /** Compares an example, whose numbers are rounded and whose arrays may end in dots. */
  private static void assertAlike(JsonElement example, JsonElement real) {
    if (example.isJsonObject()) {
      JsonObject object = example.getAsJsonObject();
      assertThat(real.getAsJsonObject().keySet()).containsExactlyElementsOf(object.keySet());
      object.keySet().forEach(key -> assertAlike(object.get(key), real.getAsJsonObject().get(key)));
    } else if (example.isJsonArray()) {
      assertAlike(example.getAsJsonArray(), real.getAsJsonArray());
    } else if (example.getAsJsonPrimitive().isNumber()) {
      double number = example.getAsDouble();
      assertThat(real.getAsDouble())
          .isCloseTo(number, within(Math.max(0.02, 0.02 * Math.abs(number))));
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

  /** Checks lines with a schema that allows no other keys: a new key must be in the schema. */
  private static void assertValid(String command, Run run) throws IOException {
    assertThat(run.out()).as(run.err()).isNotEmpty();
    Schema schema = strictSchema(command);
    for (String line : run.out().lines().toList()) {
      assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
    }
  }

  private static Schema strictSchema(String command) throws IOException {
    try (InputStream file =
        Omote.class.getResourceAsStream("/io/omote/face/cli/schema/" + command + ".json")) {
      JsonElement schema =
          JsonParser.parseString(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      closeObjects(schema);
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(schema.toString(), InputFormat.JSON);
    }
  }

  private static void closeObjects(JsonElement schema) {
    if (schema.isJsonArray()) {
      schema.getAsJsonArray().forEach(JsonDocumentTest::closeObjects);
    }
    if (schema.isJsonObject()) {
      JsonObject object = schema.getAsJsonObject();
      object.entrySet().forEach(member -> closeObjects(member.getValue()));
      if (object.has("properties")) {
        object.addProperty("additionalProperties", false);
      }
    }
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
            Optional.of(new HeadPose(1, 2, 3)),
            false,
            Optional.of(new AgeAndSex(30, 1, 0)),
            Optional.of(new Liveness(List.of(0.5f))),
            Optional.of(new FaceQuality(0.5f, "model")),
            Optional.of(MeasuredQuality.of(image, face)));
    JsonObject line = AnalysisJson.image(image, List.of(analyzed));
    assertThat(line.getAsJsonArray("faces").get(0).getAsJsonObject().keySet())
        .contains("turn", "landmarks106", "age", "sex", "liveness");
    line.addProperty("version", 1);
    line.addProperty("image", "a.jpg");
    assertValid("analyze", new Run(0, line.toString(), ""));
  }

  @Test
  void otherKeys_doNotFit() throws IOException {
    assertThat(
            strictSchema("detect")
                .validate(
                    "{\"version\":1,\"image\":\"a\",\"width\":1,\"height\":1,\"faces\":[],\"more\":1}",
                    InputFormat.JSON))
        .isNotEmpty();
  }
}
