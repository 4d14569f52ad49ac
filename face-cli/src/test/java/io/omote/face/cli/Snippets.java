// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Code blocks of documents. */
final class Snippets {
  private static final String ALL_IMPORTS =
      """
      import io.omote.face.*;
      import io.omote.face.attribute.*;
      import io.omote.face.evaluation.*;
      import io.omote.face.gallery.*;
      import io.omote.face.description.*;
      import io.omote.face.models.*;
      import java.io.*;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      """;

  private Snippets() {}

  /** Returns the blocks of a language in a document. */
  static List<String> of(String language, Path document) throws IOException {
    return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(document))
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  /** Returns the lines of a block that import classes. */
  static List<String> imports(String block) {
    return block.lines().filter(line -> line.startsWith("import ")).toList();
  }

  /** Returns a block without its imports and the blank line behind them. */
  static String withoutImports(String block) {
    return block.replaceFirst("\\A(import [^\\n]+\\n)+\\n", "");
  }

  /** Compiles statements, or local classes, in a method; imports of a block must suffice for it. */
  static void compile(String snippet, Path folder) throws IOException {
    Path source = folder.resolve("Snippet.java");
    List<String> imports = imports(snippet);
    Files.writeString(
        source,
        """
        %s
        class Snippet {
          void run() throws Exception {
        %s
          }
        }
        """
            .formatted(
                imports.isEmpty() ? ALL_IMPORTS : String.join("\n", imports),
                withoutImports(snippet)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString());
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }
}
