// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ModelException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders and manifests in other file systems, which throw unchecked exceptions. */
class FileSystemsTest {
  @TempDir Path temp;
  private TestPack content;
  private Path zip;

  @BeforeEach
  void make() throws Exception {
    content =
        TestPack.ofNoise()
            .nonCommercial()
            .singleFiles(URI.create("https://models.example.invalid/"));
    zip = temp.resolve("store.zip");
    try (FileSystem files = open("true")) {
      Files.copy(content.write(temp), files.getPath("tiny.json"));
      Files.createDirectories(files.getPath("store", NAME));
    }
  }

  private FileSystem open(String create) throws Exception {
    return FileSystems.newFileSystem(zip, Map.of("create", create));
  }

  private static void assertStoreFails(ThrowingCallable call, Path place) {
    assertThatThrownBy(call)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(place.toString());
  }

  @Test
  void store_inClosedFileSystem_saysSo() throws Exception {
    Path closed;
    try (FileSystem files = open("false")) {
      closed = files.getPath("/store");
    }
    ModelPack pack =
        ModelStore.builder()
            .directory(closed)
            .insightFaceDirectory(temp.resolve("none"))
            .manifest(content.write(temp))
            .build()
            .get(NAME);

    assertStoreFails(pack::isAvailable, closed);
    assertStoreFails(pack::verify, closed);
    assertStoreFails(pack::delete, closed);
    assertStoreFails(pack.acceptLicense()::models, closed);
    assertStoreFails(pack.acceptLicense()::fetch, closed);
    // An unreadable record of a license does not count.
    assertThatThrownBy(pack::models).isInstanceOf(LicenseNotAcceptedException.class);
  }

  @Test
  void insightFace_inClosedFileSystem_saysSo() throws Exception {
    Path closed;
    try (FileSystem files = open("false")) {
      closed = files.getPath("/store");
    }
    ModelPack pack =
        ModelStore.builder()
            .directory(temp.resolve("store"))
            .insightFaceDirectory(closed)
            .manifest(content.write(temp))
            .build()
            .get(NAME);

    assertStoreFails(pack.acceptLicense()::fetch, closed);
  }

  @Test
  void fetch_intoReadOnlyFileSystem_saysSo() {
    Path store = Path.of(URI.create("jrt:/")).resolve("store");
    ModelPack pack =
        ModelStore.builder()
            .directory(store)
            .insightFaceDirectory(temp.resolve("none"))
            .manifest(content.write(temp))
            .build()
            .get(NAME);

    assertThat(pack.isAvailable()).isFalse();
    assertStoreFails(pack.acceptLicense()::fetch, store);
  }

  @Test
  void fetch_intoFileSystemWithoutPermissions_works() throws Exception {
    TestPack served = TestPack.ofNoise();
    try (LocalServer server = new LocalServer();
        FileSystem files = open("false")) {
      for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
        server.serve("/" + file, served.content(file));
      }
      Path store = files.getPath("/other");
      ModelPack pack =
          ModelStore.builder()
              .directory(store)
              .insightFaceDirectory(temp.resolve("none"))
              .manifest(served.singleFiles(server.uri("/")).write(temp))
              .build()
              .get(NAME);

      pack.fetch();

      assertThat(pack.isAvailable()).isTrue();
      assertThat(store.resolve(NAME).resolve(DETECTOR)).hasBinaryContent(served.content(DETECTOR));
    }
  }

  @Test
  void manifest_inClosedFileSystem_isRefused() throws Exception {
    Path manifest;
    try (FileSystem files = open("false")) {
      manifest = files.getPath("/tiny.json");
      ModelStore.builder().manifest(manifest);
    }

    assertThatThrownBy(() -> ModelStore.builder().manifest(manifest))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the manifest /tiny.json could not be read");
    assertThatThrownBy(() -> ModelZoo.register(manifest)).isInstanceOf(ModelException.class);
  }
}
