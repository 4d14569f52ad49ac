// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid addresses of galleries, and messages that must not contain others. */
@Timeout(60) // a server that starts all the same would not end
class GalleryLocationTest {
  private static final String SECRET = "s3cret";
  private static final Path IMAGE = Path.of("../samples/astronaut_rendition.jpg");

  @TempDir private Path folder;

  private static Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(""))) {
      return files.map(Path::toString).collect(Collectors.toSet());
    }
  }

  /** Every command and option that takes an address. */
  private List<Run> all(String address) {
    return List.of(
        Run.of(new Enroll(), address, folder),
        Run.of(new Identify(), address, IMAGE),
        Run.of(new Gallery(), address),
        Run.of(new Serve(), "--port", "0", "--gallery", address),
        Run.of(new Albums(), folder, "--gallery", address),
        Run.of(new Blur(), IMAGE, "--output", folder.resolve("out"), "--except", address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://joe:s3cret@localhost/db",
        "postgres://joe:s3cret@localhost/db",
        "postgres:joe:s3cret@localhost",
        "POSTGRESQL://joe:s3cret@localhost/db",
        "jdbc:postgres://joe:s3cret@localhost/db",
        "JDBC:PostgreSQL://localhost/db?password=s3cret",
        " jdbc:postgresql://localhost/db?password=s3cret",
        "'jdbc:postgresql://localhost/db?password=s3cret'",
        "jdbc:mysql://localhost/db?password=s3cret",
        "jdbc:mysql:s3cret",
        "https://joe:s3cret@example.org/db",
        "s3://s3cret/bucket",
        "file:///tmp/s3cret",
        "mailto:s3cret@example.org",
        "localhost:5432/s3cret",
        "192.0.2.1:5432/s3cret",
        "joe:s3cret@localhost/db",
        "j:s3cret@localhost/db",
        "//joe:s3cret@localhost/db",
        "jdbc:postgresql://localhost:port/db?password=s3cret",
        "jdbc:postgresql://localhost:123456/db?password=s3cret",
        "jdbc:postgresql://localhost:99999/db?password=s3cret",
        "jdbc:postgresql://joe:s3cret@localhost/db",
        "jdbc:postgresql://joe:s3cret@localhost:5432/db",
        "jdbc:postgresql://joe:s3/cret@localhost:5432/s3cret",
        "jdbc:postgresql:/localhost/db?password=s3cret",
        "jdbc:postgresql://localhost?user=joe&password=s3cret",
        "jdbc:postgresql://localhost/db;password=s3cret",
        "jdbc:postgresql://localhost/db?password=s3cret%zz",
        "jdbc:postgresql:s3cret@localhost"
      })
  void otherAddresses_areRefused_andNotSaid(String address) throws IOException {
    Set<String> before = files();
    for (Run run : all(address)) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
      assertThat(run.err())
          .contains("expected a folder, or jdbc:postgresql://HOST:PORT/DATABASE?user=NAME")
          .doesNotContain("s3", "cret", "joe", "\tat ");
      assertThat(run.out()).isEmpty();
    }
    assertThat(files()).isEqualTo(before);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void emptyAddress_isRefused() {
    for (Run run : all("")) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("found an empty text");
    }
  }

  /** The driver would write it to java.util.logging, with the password. */
  @Test
  void driver_logsNothing(@TempDir Path services) throws IOException {
    List<String> logged = new ArrayList<>();
    Handler log =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            logged.add(new SimpleFormatter().format(entry));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger all = Logger.getLogger("");
    Path file = Files.writeString(services.resolve("services"), "[people]\npassword s3cret\n");
    all.addHandler(log);
    System.setProperty("org.postgresql.pgservicefile", file.toString());
    try {
      for (String address :
          List.of(
              "jdbc:postgresql://localhost?user=joe&password=s3cret",
              "jdbc:postgresql://localhost/db?service=people",
              "jdbc:postgresql://localhost:0/db?password=s3cret")) {
        Run run = Run.of(new Gallery(), address);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("another form").doesNotContain(SECRET);
      }
    } finally {
      System.clearProperty("org.postgresql.pgservicefile");
      all.removeHandler(log);
    }
    assertThat(logged).isEmpty();
  }

  /** No server listens on port 1. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:1/db?user=joe&password=s3cret",
        "jdbc:postgresql://127.0.0.1:1,[::1]:1/db?user=joe&password=s3cret",
        "jdbc:postgresql://127.0.0.1:1/db?user=joe&password=s3cret&sslpassword=s3cret&sslmode=x",
        "jdbc:postgresql://127.0.0.1:1/db?sslpassword=s3cret&connectTimeout=x",
        "jdbc:postgresql://127.0.0.1:1/db?password=s3cret&socketFactory=no.Such"
      })
  void databaseThatDoesNotAnswer_isOneLineWithoutThePassword(String address) {
    Images.empty(folder.resolve("maya/1.jpg"));
    for (Run run :
        List.of(
            Run.of(new Enroll(), address, folder),
            Run.of(new Identify(), address, IMAGE),
            Run.of(new Gallery(), address))) {
      assertThat(run.exitCode()).as(run.err()).isOne();
      assertThat(run.err())
          .contains("no connection was available to open the gallery")
          .doesNotContain(SECRET, "\tat ", "..");
      assertThat(run.err()).hasLineCount(1);
    }
  }

  /** Misplaced arguments are not repeated, because they may contain a password. */
  @Test
  void addressInAnotherPlace_isNotSaid() {
    String address = "jdbc:postgresql://127.0.0.1:1/db?user=joe&password=s3cret";
    for (Run run :
        List.of(
            Run.of(new Gallery(), folder.resolve("gallery"), address),
            Run.of(new Enroll(), folder, address),
            Run.of(new Identify(), folder, address),
            Run.of(new Serve(), address),
            Run.of(new Serve(), "--port=" + address),
            Run.of(new Serve(), "--address=" + address),
            Run.of(new Serve(), "--address", address),
            Run.of(new Identify(), folder, IMAGE, "--limit=" + address),
            Run.of(new Detect(), address),
            Run.of(new Compare(), address, "postgresql://joe:s3cret@localhost/db"),
            Run.of(Omote.of(), address))) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
      assertThat(run.err()).contains("address").doesNotContain(SECRET);
    }
    assertThat(Run.of(new Serve(), "--galery=" + address).err())
        .startsWith("unknown option '--galery', perhaps --gallery: ")
        .doesNotContain(SECRET);
  }

  /** An empty name comes from a variable that a script did not set. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "a\nb", "J\uFFFD", "jdbc:postgresql://127.0.0.1:1/db?password=s3cret"})
  void namesOfGalleriesThatAreNone_areRefused(String name) {
    String address = "jdbc:postgresql://127.0.0.1:1/db";
    for (Run run :
        List.of(
            Run.of(new Gallery(), address, "--name=" + name),
            Run.of(new Enroll(), address, folder, "--name", name),
            Run.of(new Identify(), address, IMAGE, "--name=" + name),
            Run.of(new Serve(), "--port=0", "--gallery=" + address, "--gallery-name=" + name),
            Run.of(new Albums(), folder, "--gallery=" + address, "--gallery-name=" + name))) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
      assertThat(run.err()).contains("expected ").contains("name").doesNotContain(SECRET);
    }
  }

  @Test
  void foldersWithAColon_areFolders() {
    Path odd = folder.resolve("a:b");
    People.enroll(odd, "maya");

    assertThat(Run.of(new Gallery(), odd).exitCode()).isZero();
    for (String name : List.of("./a:b", "../x:y", "C:\\people", "c:/people", "C:", "people")) {
      assertThatNoException().isThrownBy(() -> new GalleryLocation(name, "faces"));
    }
  }

  @Test
  void addressesOfPostgres_areTaken() {
    for (String address :
        List.of(
            "jdbc:postgresql:people",
            "jdbc:postgresql:",
            "jdbc:postgresql:///people",
            "jdbc:postgresql://db.example.org/people",
            "jdbc:postgresql://[::1]:5432/people?user=me",
            "jdbc:postgresql://one:5432,two:5433/people?targetServerType=primary",
            "jdbc:postgresql://db/my%20people?user=me%40corp&password=a@b:c/d")) {
      assertThat(new GalleryLocation(address, "faces")).hasToString("the database, named faces");
    }
  }
}
