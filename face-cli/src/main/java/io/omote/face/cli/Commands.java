// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import io.omote.face.cli.messages.Messages;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.internal.files.FileFailure;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs commands: converts their arguments, reports an error in one line, and ends the process with
 * the exit code that the help of the command documents.
 */
public final class Commands {
  /** The text that replaces an address in messages. */
  private static final String ADDRESS = "(an address)";

  private Commands() {}

  /** Runs a command and ends the process unless it succeeds. */
  public static void main(Object command, String[] args) {
    drawWithoutADisplay();
    CommandLine commandLine = commandLine(command).setExecutionStrategy(Commands::runInUtf8);
    int exitCode;
    try {
      exitCode = commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println("not enough memory (" + e.getMessage() + "): give Java more with -Xmx");
      exitCode = ExitCode.SOFTWARE;
    } catch (Error e) {
      exitCode = bug(e, commandLine.getErr(), ExitCode.SOFTWARE);
    }
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /**
   * Sets AWT to headless mode. No command opens a window, and drawing would fail if DISPLAY named a
   * display that does not exist.
   */
  private static void drawWithoutADisplay() {
    String headless = "java.awt.headless";
    if (System.getProperty(headless) == null) {
      System.setProperty(headless, "true");
    }
  }

  /** Prints JSON as UTF-8, and text in the encoding of the terminal. */
  private static int runInUtf8(ParseResult words) {
    ParseResult last = words;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    PrintWriter out =
        new PrintWriter(
            new StandardOutput(
                last.hasMatchedOption("--json") || last.commandSpec().userObject() instanceof Embed
                    ? StandardCharsets.UTF_8
                    : StandardOutput.encoding()));
    words.commandSpec().commandLine().setOut(out);
    try {
      int exitCode = run(words);
      out.flush();
      return exitCode;
    } catch (FaceException e) { // outside of a command: a help or the last lines
      throw new ExecutionException(last.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  /** Runs a command. A word that is no command is not passed over because of {@code --help}. */
  private static int run(ParseResult words) {
    for (ParseResult at = words; at != null; at = at.subcommand()) {
      CommandLine command = at.commandSpec().commandLine();
      if (!at.unmatched().isEmpty() && !command.getSubcommands().isEmpty()) {
        throw new UnmatchedArgumentException(command, at.unmatched());
      }
    }
    return new RunLast().execute(words);
  }

  /**
   * Returns the command line of a command and its subcommands, with version, conversion of
   * arguments and error handling. Arguments are literal: none is expanded from a file.
   */
  public static CommandLine commandLine(Object command) {
    CommandLine commandLine = new CommandLine(command);
    setVersion(commandLine);
    return commandLine
        .setExpandAtFiles(false)
        .setTrimQuotes(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(String.class, converter(FileNames::argument))
        .registerConverter(Path.class, converter(FileNames::path))
        .registerConverter(InetAddress.class, converter(Commands::host))
        .setExecutionStrategy(Commands::run)
        .setParameterExceptionHandler(Commands::refuse)
        .setExecutionExceptionHandler((e, failed, words) -> failed(e, failed));
  }

  private static int failed(Exception failure, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    int exitCode = spec.exitCodeOnExecutionException();
    if (failure instanceof FaceException) {
      return trouble(command, Messages.of(failure, spec), exitCode);
    }
    if (failure instanceof OptionException) {
      return trouble(command, Messages.of(failure, spec), spec.exitCodeOnInvalidInput());
    }
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      return trouble(
          command, "a file could not be read or written: " + FileFailure.text(failure), exitCode);
    }
    return bug(failure, command.getErr(), exitCode);
  }

  /** Reports what no user can fix. */
  private static int bug(Throwable bug, PrintWriter err, int exitCode) {
    err.println(
        "this is a mistake in Omote: please report it, with the lines below and with what"
            + " omote --version prints");
    bug.printStackTrace(err);
    err.flush();
    return exitCode;
  }

  /**
   * Refuses addresses of databases: the lookup would send them, with a password, to a DNS server.
   */
  private static InetAddress host(String word) {
    if (FileNames.isAddress(word)) {
      throw new IllegalArgumentException(
          "expected a host name or an IP address, found another kind of address (not shown, it may contain a password)");
    }
    try {
      return InetAddress.getByName(word);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a host name or an IP address, found '%s'", word), e);
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
   * Reports invalid arguments in one line, without addresses, which may contain a password, and
   * with an explanation of names that could not be decoded.
   */
  private static int refuse(ParameterException e, String[] words) {
    CommandLine command = e.getCommandLine();
    String message = UsageMistake.line(e, words);
    for (String word : words) {
      if (FileNames.isAddress(word)) {
        message = message.replace(word, ADDRESS).replace(value(word), ADDRESS);
      }
    }
    return trouble(command, message, command.getCommandSpec().exitCodeOnInvalidInput());
  }

  /** Returns the value after the equals sign of an option, or the word itself without one. */
  private static String value(String word) {
    int value = word.startsWith("-") ? word.indexOf('=') + 1 : 0;
    return value < word.length() ? word.substring(value) : word;
  }

  /** Prints one line and returns an exit code that the help of the command documents. */
  private static int trouble(CommandLine command, String message, int exitCode) {
    command.getErr().println(Messages.line(message));
    command.getErr().flush();
    return exitCode;
  }
}
