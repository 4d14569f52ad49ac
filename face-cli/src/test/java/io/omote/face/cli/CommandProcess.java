// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The command in a separate process, with its own locale, JVM options and limits. */
final class CommandProcess {
  private final List<String> java = new ArrayList<>();
  private final Path log;
  private String locale = "C.UTF-8";
  private String before = "";
  private String fonts = "";

  /** Creates a process whose outputs are written to a folder. */
  CommandProcess(Path log) {
    this.log = log;
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.add("-XX:-UsePerfData");
    java.add("-XX:TieredStopAtLevel=1");
    if (Runtime.version().feature() >= 24) {
      java.add("--enable-native-access=ALL-UNNAMED"); // as the manifest of the jar has it
    }
  }

  CommandProcess locale(String name) {
    locale = name;
    return this;
  }

  CommandProcess java(String... options) {
    java.addAll(List.of(options));
    return this;
  }

  /** Sets a shell command to run first, such as one that sets a limit. */
  CommandProcess before(String line) {
    before = line + "; ";
    return this;
  }

  /**
   * Leaves Java without fonts, as in a small container.
   *
   * @param folder a folder for a configuration of fontconfig that knows none; also the home,
   *     because Java keeps what fontconfig said in the home of the user
   */
  CommandProcess withoutFonts(Path folder) throws IOException {
    Path none =
        Files.writeString(
            folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    fonts = "export FONTCONFIG_FILE=" + word(none) + "; ";
    return java("-Duser.home=" + folder);
  }

  /**
   * Starts the process.
   *
   * @param words the arguments as words of bash, which may contain any bytes
   */
  Process start(String... words) throws IOException {
    List<String> line = new ArrayList<>(java);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Omote.class.getName()));
    // The words are given as text of bash, in ASCII: Java itself could not pass all bytes on.
    String script = fonts + before + "exec \"$@\" " + String.join(" ", words);
    List<String> bash = new ArrayList<>(List.of("bash", "-c", script, "bash"));
    bash.addAll(line);
    ProcessBuilder builder =
        new ProcessBuilder(bash)
            .redirectOutput(log.resolve("out").toFile())
            .redirectError(log.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("LC_ALL", locale);
    return builder.start();
  }

  Run run(String... words) throws IOException, InterruptedException {
    Process process = start(words);
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end: " + Arrays.toString(words));
    }
    return ended(process);
  }

  /** Returns the result of a process; bytes that are not UTF-8 are replaced. */
  Run ended(Process process) throws IOException {
    return new Run(process.exitValue(), text("out"), text("err"));
  }

  private String text(String name) throws IOException {
    return new String(Files.readAllBytes(log.resolve(name)), StandardCharsets.UTF_8);
  }

  /** Returns a word of bash with the UTF-8 bytes of a text, which works in any locale. */
  static String word(Object text) {
    StringBuilder word = new StringBuilder("$'");
    for (byte octet : text.toString().getBytes(StandardCharsets.UTF_8)) {
      word.append(String.format(Locale.ROOT, "\\x%02x", octet));
    }
    return word.append('\'').toString();
  }
}
