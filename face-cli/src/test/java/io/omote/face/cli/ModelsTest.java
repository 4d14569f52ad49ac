// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
  @TempDir Path folder;
  private ServedPack pack;

  @BeforeEach
  void serve() {
    pack = new ServedPack(folder);
  }

  @AfterEach
  void stop() {
    pack.close();
  }

  private static Run run(Object... args) {
    return Run.of(new Models(), args);
  }

  @Test
  void help_namesTheCommands() {
    assertThat(run("--help").out()).contains("list", "fetch", "verify", "delete");
    assertThat(run("fetch", "--help").out()).contains("--accept-license", "--all");
  }

  @Test
  void noCommand_isAWrongOption() {
    assertThat(run().exitCode()).isEqualTo(2);
  }

  @Test
  void list_saysSizeLicenseAndWhatIsHere() {
    Run run = run("list");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anySatisfy(
            row -> assertThat(row).matches("lite +6\\.6 MB +bundled +yes +MIT and Apache.*"))
        .anySatisfy(row -> assertThat(row).matches("lite-fast +7\\.3 MB +bundled +yes +MIT"))
        .anySatisfy(row -> assertThat(row).matches("buffalo_l +191\\.3 MB +no +no +InsightFace.*"))
        .anySatisfy(row -> assertThat(row).matches("auraface +261\\.0 MB +no +yes +Apache-2\\.0.*"))
        .anySatisfy(
            row -> assertThat(row).matches(pack.name() + " +7\\.3 MB +no +no +Test license"));
    assertThat(pack.requests()).isZero();

    run("fetch", pack.name(), "--accept-license");
    assertThat(run("list").out())
        .containsPattern(
            pack.name() + " +7\\.3 MB +yes +no +Test license, " + pack.folder() + "\n");
    assertThat(json(run("list", "--json")))
        .filteredOn(line -> !line.get("folder").isJsonNull())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.get("folder").getAsString()).isEqualTo(pack.folder().toString()));
  }

  @Test
  void json_hasAnObjectForEachPackAndFile() {
    List<JsonObject> packs = json(run("list", "--json"));
    assertThat(packs)
        .allSatisfy(
            line ->
                assertThat(line.keySet())
                    .containsExactly(
                        "version",
                        "pack",
                        "description",
                        "size",
                        "bundled",
                        "available",
                        "folder",
                        "license",
                        "licenseUrl",
                        "commercialUse",
                        "licenseAccepted"));
    JsonObject lite =
        packs.stream()
            .filter(line -> line.get("pack").getAsString().equals("lite"))
            .findFirst()
            .orElseThrow();
    assertThat(lite.get("bundled").getAsBoolean()).isTrue();
    assertThat(lite.get("commercialUse").getAsBoolean()).isTrue();

    List<JsonObject> files = json(run("verify", pack.name(), "--json"));
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.keySet()).containsExactly("version", "pack", "file", "state", "path");
              assertThat(line.get("state").getAsString()).isEqualTo("missing");
            });
  }

  private static List<JsonObject> json(Run run) {
    return run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  @Test
  void fetch_licenseNotAccepted_isOneLineAndFetchesNothing() {
    Run run = run("fetch", pack.name());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains(
            ServedPack.LICENSE,
            ServedPack.LICENSE_URL,
            "omote models fetch " + pack.name() + " --accept-license");
    assertThat(pack.requests()).isZero();
  }

  @Test
  void fetch_accepted_bringsTheFilesOnce() {
    Run run = run("fetch", pack.name(), "--accept-license");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains(pack.name() + " was fetched", pack.folder().toString());
    assertThat(ServedPack.FILES)
        .allSatisfy(name -> assertThat(pack.folder().resolve(name)).exists());
    assertThat(pack.requests()).isEqualTo(3);

    assertThat(run("fetch", pack.name()).exitCode()).as("the acceptance is recorded").isZero();
    assertThat(pack.requests()).isEqualTo(3);
  }

  @Test
  void fetch_bundled_saysSo() {
    Run run = run("fetch", "lite");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("lite is part of the library");
  }

  @Test
  void fetch_unknownName_namesThePacks() {
    Run run = run("fetch", "buffalo");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("buffalo_l", "antelopev2", "'buffalo', perhaps buffalo_");
  }

  @Test
  void verify_goodDamagedAndMissing_areTold() throws IOException {
    assertThat(run("verify", "lite").exitCode()).isZero();
    Run missing = run("verify", pack.name());
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.out()).contains(pack.name() + " fr_feature.onnx: missing");

    run("fetch", pack.name(), "--accept-license");
    Run good = run("verify", pack.name());
    assertThat(good.exitCode()).isZero();
    assertThat(good.out().lines()).hasSize(3).allMatch(line -> line.contains(": verified, "));

    Path file = pack.folder().resolve("fr_feature.onnx");
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    Run damaged = run("verify", pack.name());
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.out()).contains(pack.name() + " fr_feature.onnx: damaged, " + file);
  }

  @Test
  void delete_removesTheFilesAndTheAcceptance() {
    run("fetch", pack.name(), "--accept-license");
    Run run = run("delete", pack.name(), "lite");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(pack.name() + " was deleted", "lite is part of the library: nothing to delete");
    assertThat(run("delete", pack.name()).out())
        .contains(pack.name() + " was not fetched: nothing to delete");
    assertThat(ServedPack.FILES)
        .allSatisfy(name -> assertThat(pack.folder().resolve(name)).doesNotExist());
    assertThat(run("fetch", pack.name()).exitCode()).isEqualTo(1);
  }
}
