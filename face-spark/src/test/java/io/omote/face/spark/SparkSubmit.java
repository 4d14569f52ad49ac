// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the job's jar in its own process, as {@code spark-submit} does, with the jars of a
 * distribution of Spark first on the class path.
 *
 * @param distribution a folder with the jars of a version of Spark
 * @param master the cluster
 * @param work a folder for everything it writes except its output
 * @param configuration the configuration of Spark, besides that of all tests
 */
record SparkSubmit(Path distribution, String master, Path work, Map<String, String> configuration) {
  /** The packages that {@code spark-submit} opens. */
  private static final List<String> OPENED =
      List.of(
          "lang",
          "lang.invoke",
          "lang.reflect",
          "io",
          "net",
          "nio",
          "util",
          "util.concurrent",
          "util.concurrent.atomic");

  /** Holds {@link FailingFileSystem}. */
  static final Path TEST_CLASSES = Path.of("target/test-classes").toAbsolutePath();

  Process start(Path log, Object... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    for (String name : OPENED) {
      command.add("--add-opens=java.base/java.%s=ALL-UNNAMED".formatted(name));
    }
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    command.add("--add-opens=java.base/sun.util.calendar=ALL-UNNAMED");
    command.addAll(
        List.of("-cp", distribution.resolve("jars") + "/*" + File.pathSeparator + TEST_CLASSES));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
    command.addAll(List.of("--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--conf", "spark.local.dir=" + work.resolve("local")));
    configuration.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--class", FaceJob.class.getName(), jar().toString()));
    Arrays.stream(args).map(Object::toString).forEach(command::add);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.directory(Files.createDirectories(work).toFile());
    builder.environment().put("SPARK_HOME", distribution.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_WORKER_DIR", work.resolve("work").toString());
    return builder.start();
  }

  static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-job.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("expected the job's jar: package it first"))
          .toAbsolutePath();
    }
  }
}
