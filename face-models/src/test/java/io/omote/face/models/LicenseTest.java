// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Licenses that exclude commercial use. */
class LicenseTest {
  @TempDir Path temp;
  private LocalServer server;
  private ModelPack pack;
  private Path record;

  @BeforeEach
  void start() {
    server = new LocalServer();
    TestPack content = TestPack.ofNoise().nonCommercial().singleFiles(server.uri("/"));
    for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      server.serve("/" + file, content.content(file));
    }
    Path store = temp.resolve("store");
    pack =
        ModelStore.builder()
            .directory(store)
            .insightFaceDirectory(temp.resolve("insightface"))
            .manifest(content.write(temp))
            .build()
            .get(NAME);
    record = store.resolve(NAME).resolve("LICENSE-ACCEPTED.txt");
  }

  @AfterEach
  void stop() {
    System.clearProperty(Settings.ACCEPT_LICENSE);
    server.close();
  }

  @Test
  void fetch_notAccepted_fetchesNothingAndSaysHow() {
    assertThatThrownBy(pack::fetch)
        .isInstanceOf(LicenseNotAcceptedException.class)
        .hasMessageContaining("'Test license' (https://example.org/license)")
        .hasMessageContaining("ModelZoo.get(\"tiny\").acceptLicense().fetch()")
        .hasMessageContaining("-Domote.models.acceptLicense=tiny")
        .hasMessageContaining("Nothing was fetched");
    assertThat(server.requests()).isEmpty();
    assertThat(pack.directory()).doesNotExist();
  }

  @Test
  void fetch_acceptedInCode_isRecorded() throws Exception {
    pack.acceptLicense().fetch();

    assertThat(Files.readString(record))
        .contains("accepted in code, by acceptLicense()")
        .contains("License: Test license, https://example.org/license")
        .contains("Commercial use: no");
    assertThat(pack.isLicenseAccepted()).isTrue();
    assertThat(pack.models()).isNotNull();
  }

  @Test
  void fetch_acceptedByProperty_isRecorded() throws Exception {
    System.setProperty(Settings.ACCEPT_LICENSE, "other, tiny");

    pack.fetch();

    assertThat(Files.readString(record)).contains("by the system property");
  }

  @Test
  void fetch_otherPackAccepted_doesNotCount() {
    System.setProperty(Settings.ACCEPT_LICENSE, "tiny2,other");

    assertThatThrownBy(pack::fetch).isInstanceOf(LicenseNotAcceptedException.class);
  }

  @Test
  void fetch_recordOfAnotherLicense_doesNotCount() throws Exception {
    pack.acceptLicense().fetch();
    Files.writeString(record, Files.readString(record).replace("Test license", "Old license"));

    assertThatThrownBy(pack::models).isInstanceOf(LicenseNotAcceptedException.class);
  }

  @Test
  void models_filesPlacedByHand_needAcceptanceToo() throws Exception {
    pack.acceptLicense().fetch();
    Files.delete(record);

    assertThatThrownBy(pack::models).isInstanceOf(LicenseNotAcceptedException.class);

    int requests = server.requests().size();
    pack.acceptLicense().fetch();
    assertThat(record).exists();
    assertThat(server.requests()).hasSize(requests);
  }

  @Test
  void delete_accepted_forgetsTheAcceptance() {
    pack.acceptLicense().fetch();

    pack.delete();

    assertThat(pack.isLicenseAccepted()).isFalse();
    assertThat(record.getParent()).doesNotExist();
  }

  @Test
  void acceptLicense_leavesThePackUnchanged() {
    assertThat(pack.acceptLicense().isLicenseAccepted()).isTrue();
    assertThat(pack.isLicenseAccepted()).isFalse();
  }
}
