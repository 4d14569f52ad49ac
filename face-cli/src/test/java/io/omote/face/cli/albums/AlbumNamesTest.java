// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.BoundingBox;
import io.omote.face.FaceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlbumNamesTest {
  @TempDir private Path folder;

  private AlbumNames read(String content) throws IOException {
    return AlbumNames.read(Files.writeString(folder.resolve("names.json"), content));
  }

  private static FaceLocation face(String image, float left) {
    return new FaceLocation(Path.of(image), new BoundingBox(left, 20, left + 100, 120));
  }

  @Test
  void person_isThatOfTheFaceAtTheSamePlace() throws IOException {
    AlbumNames names =
        read(
            """
            {"version": 1, "persons": [
              {"person": "Zoë", "faces": [
                {"image": "a.jpg", "box": [10, 20, 110, 120]},
                {"image": "b.jpg", "box": [10, 20, 110, 120]}]},
              {"person": "Max", "faces": [{"image": "a.jpg", "box": [200, 20, 300, 120]}]}]}
            """);

    assertThat(names.missing()).isEqualTo(3);
    assertThat(names.person(face("a.jpg", 10.4f))).contains("Zoë");
    assertThat(names.person(face("a.jpg", 10.4f))).contains("Zoë");
    assertThat(names.person(face("a.jpg", 200))).contains("Max");
    assertThat(names.person(face("a.jpg", 60))).as("between the two").isEmpty();
    assertThat(names.person(face("c.jpg", 10))).as("another image").isEmpty();
    assertThat(names.missing()).as("the face of b.jpg").isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[1]",
        "{}",
        "{\"version\":2,\"persons\":[]}",
        "{\"version\":1,\"persons\":3}",
        "{\"version\":1,\"persons\":[null]}",
        "{\"version\":1,\"persons\":[{\"person\":\"\",\"faces\":[]}]}",
        "{\"version\":1,\"persons\":[{\"person\":\"a\"}]}",
        "{\"version\":1,\"persons\":[{\"person\":\"a\",\"faces\":[null]}]}",
        "{\"version\":1,\"persons\":[{\"person\":\"a\",\"faces\":[{\"image\":\"i\"}]}]}",
        "{\"version\":1,\"persons\":[{\"person\":\"a\",\"faces\":[{\"image\":\"i\",\"box\":[1,2,3]}]}]}",
        "{\"version\":1,\"persons\":[{\"person\":\"a\",\"faces\":[{\"image\":\"i\",\"box\":[9,2,3,4]}]}]}",
        "{\"version\":1,\"persons\":[{\"person\":\"a\",\"faces\":[{\"image\":\"i\",\"box\":[1,2,3,4]}]},"
            + "{\"person\":\"b\",\"faces\":[{\"image\":\"i\",\"box\":[1,2,3,4]}]}]}",
      })
  void read_ofOtherContent_saysWhatIsExpected(String content) {
    assertThatThrownBy(() -> read(content))
        .isExactlyInstanceOf(FaceException.class)
        .hasMessageStartingWith("expected names that a contact sheet saved, version 1, found ")
        .hasMessageEndingWith("names.json");
  }

  @Test
  void read_ofNoFile_saysSo() throws IOException {
    assertThatThrownBy(() -> AlbumNames.read(folder.resolve("none")))
        .isExactlyInstanceOf(FaceException.class)
        .hasMessageStartingWith("there is no file ");
    assertThatThrownBy(() -> AlbumNames.read(folder))
        .isExactlyInstanceOf(FaceException.class)
        .hasMessageContaining("found a folder in ");
    Path latin = folder.resolve("latin.json");
    Files.write(latin, "{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> AlbumNames.read(latin))
        .isExactlyInstanceOf(FaceException.class)
        .hasMessageContaining("found something else");
  }
}
