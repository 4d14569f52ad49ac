// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How every example ends: with its exit code, and with one line where images or models are bad. */
public final class Commands {
  /** What messages say in the place of one. */
  private static final String ADDRESS = "(an address)";

  private Commands() {}

  /** Runs an example and ends the process unless all went well. */
  public static void main(Object example, String[] args) {
    drawWithoutADisplay();
    int exitCode;
    try {
      exitCode = commandLine(example).setExecutionStrategy(Commands::run).execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println(
          "expected memory for the work, found too little ("
              + e.getMessage()
              + "): give Java more by -Xmx");
      exitCode = ExitCode.SOFTWARE;
    }
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /**
   * No command opens a window, and Java would fail to draw where DISPLAY names what is not there.
   */
  private static void drawWithoutADisplay() {
    String headless = "java.awt.headless";
    if (System.getProperty(headless) == null) {
      System.setProperty(headless, "true");
    }
  }

  /** What machines read is UTF-8; what people read is in the encoding of their terminal. */
  private static int run(ParseResult words) {
    ParseResult last = words;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last.hasMatchedOption("--json")) {
      words
          .commandSpec()
          .commandLine()
          .setOut(new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
    }
    return new RunLast().execute(words);
  }

  /**
   * With the version, and the handling of words and errors, for its subcommands, too. A word is
   * taken as it stands: none is read from a file, whatever it begins with.
   */
  public static CommandLine commandLine(Object example) {
    CommandLine commandLine = new CommandLine(example);
    setVersion(commandLine);
    return commandLine
        .setExpandAtFiles(false)
        .setTrimQuotes(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(String.class, converter(FileNames::argument))
        .registerConverter(Path.class, converter(FileNames::path))
        .registerConverter(InetAddress.class, converter(Commands::host))
        .setParameterExceptionHandler(Commands::refuse)
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof FaceException) {
                return trouble(
                    command,
                    e.getMessage(),
                    command.getCommandSpec().exitCodeOnExecutionException());
              }
              if (isValueOfAnOption(e)) {
                return trouble(
                    command, e.getMessage(), command.getCommandSpec().exitCodeOnInvalidInput());
              }
              if (e instanceof IOException || e instanceof UncheckedIOException) {
                return trouble(
                    command,
                    "expected to read and write files, found " + e,
                    command.getCommandSpec().exitCodeOnExecutionException());
              }
              throw e;
            });
  }

  /** An address of a database would be asked for in the network, with its password. */
  private static InetAddress host(String word) {
    if (FileNames.isAddress(word)) {
      throw new IllegalArgumentException(
          "expected the name or the number of a machine, found another kind of address (not shown, it may have a password)");
    }
    try {
      return InetAddress.getByName(word);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected the name or the number of a machine, found '%s'", word),
          e);
    }
  }

  private static void setVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(Commands::setVersion);
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> conversion) {
    return word -> {
      try {
        return conversion.apply(word);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  /**
   * As picocli does it, but for addresses, which may have a password, and for names that could not
   * be read, which it says it has no place for.
   */
  private static int refuse(ParameterException e, String[] words) {
    CommandLine command = e.getCommandLine();
    String message =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getUnmatched().stream()
                .flatMap(word -> FileNames.loss(word).stream())
                .findFirst()
                .orElse(e.getMessage())
            : e.getMessage();
    for (String word : words) {
      if (FileNames.isAddress(word)) {
        message = message.replace(word, ADDRESS).replace(value(word), ADDRESS);
      }
    }
    command.getErr().println(message);
    if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
      command.usage(command.getErr());
    }
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** What follows the equals sign of an option; the word itself where it is none. */
  private static String value(String word) {
    int value = word.startsWith("-") ? word.indexOf('=') + 1 : 0;
    return value < word.length() ? word.substring(value) : word;
  }

  /** The library's own check of what it was given; any other is a fault of the program. */
  private static boolean isValueOfAnOption(Exception e) {
    return e instanceof IllegalArgumentException
        && e.getMessage() != null
        && e.getMessage().startsWith("expected ");
  }

  /** One line, and an exit code that the command's help says. */
  private static int trouble(CommandLine command, String message, int exitCode) {
    command.getErr().println(message);
    command.getErr().flush();
    return exitCode;
  }
}
