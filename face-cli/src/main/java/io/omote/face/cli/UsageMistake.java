// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static java.util.stream.Collectors.joining;

import io.omote.face.internal.files.FileNames;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one line about a mistake in the arguments: what is wrong, a suggestion, and where the help
 * is. Stateless and thread-safe.
 */
final class UsageMistake {
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[\\w-]+");

  /** All options of a group, before those that were given. */
  private static final Pattern GROUP = Pattern.compile("\\[[^{}]*\\]=(?=\\{)");

  private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d*,\\d+");

  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

  private UsageMistake() {}

  /**
   * Returns the line.
   *
   * @param mistake the exception of picocli, or of a command
   * @param words all arguments
   */
  static String line(ParameterException mistake, String... words) {
    String text = text(mistake, words);
    CommandSpec command = mistake.getCommandLine().getCommandSpec();
    return String.format(
        Locale.ROOT,
        "%s%s try %s --help",
        text,
        text.contains(": ") ? ";" : ":",
        command.qualifiedName());
  }

  private static String text(ParameterException mistake, String... words) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0), mistake.getCommandLine(), words);
    }
    if (mistake instanceof MissingParameterException missing) {
      List<String> unknown = mistake.getCommandLine().getUnmatchedArguments();
      return unknown.isEmpty()
          ? missing(missing, words)
          : unmatched(unknown.get(0), mistake.getCommandLine(), words);
    }
    if (mistake instanceof OverwrittenOptionException twice) {
      return givenTwice(label(twice.getOverwritten()));
    }
    if (mistake instanceof MutuallyExclusiveArgsException
        || mistake instanceof MaxValuesExceededException) {
      return exclusive(mistake);
    }
    return mistake.getArgSpec() == null || mistake.getValue() == null
        ? mistake.getMessage()
        : wrongValue(mistake, mistake.getArgSpec(), mistake.getValue());
  }

  private static String unmatched(String word, CommandLine command, String... words) {
    CommandSpec spec = command.getCommandSpec();
    if (FileNames.loss(word).isPresent()) {
      return FileNames.loss(word).get();
    }
    Collection<String> commands = command.getSubcommands().keySet();
    if (word.startsWith("-") && word.length() > 1) {
      String name = word.split("=", 2)[0];
      return String.format(
          Locale.ROOT,
          "unknown option '%s'%s",
          name,
          Stream.of(words).anyMatch(commands::contains)
              ? ", give options after the command"
              : isFile(word)
                  ? String.format(Locale.ROOT, ", write ./%s for the file", word)
                  : Spelling.suggestion(name, spec.optionsMap().keySet()));
    }
    return commands.isEmpty() || !spec.positionalParameters().isEmpty()
        ? String.format(Locale.ROOT, "unexpected argument '%s'", word)
        : String.format(
            Locale.ROOT, "unknown command '%s'%s", word, Spelling.suggestion(word, commands));
  }

  private static boolean isFile(String word) {
    try {
      return Files.exists(FileNames.path(word));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String missing(MissingParameterException mistake, String... words) {
    if (mistake.getMissing().size() == 1
        && mistake.getMissing().get(0) instanceof OptionSpec option
        && isIn(words, option)) {
      return String.format(Locale.ROOT, "%s needs a value, %s", label(option), option.paramLabel());
    }
    // The text has exactly those that are missing, the list also others of their group.
    String text = mistake.getMessage();
    String[] names = text.substring(text.lastIndexOf(": ") + 2).replace("'", "").split(", ");
    String last = names[names.length - 1];
    return names.length == 1
        ? String.format(Locale.ROOT, "%s is missing", last)
        : String.format(
            Locale.ROOT,
            "%s and %s are missing",
            String.join(", ", Arrays.copyOf(names, names.length - 1)),
            last);
  }

  private static boolean isIn(String[] words, OptionSpec option) {
    return Arrays.stream(words)
        .anyMatch(word -> Arrays.asList(option.names()).contains(word.split("=", 2)[0]));
  }

  /** Names the options, which picocli gives in its text only. */
  private static String exclusive(ParameterException mistake) {
    String given = GROUP.matcher(mistake.getMessage()).replaceAll("");
    List<String> choices = Stream.of(given.split(", | and ")).map(UsageMistake::options).toList();
    Set<String> seen = new HashSet<>();
    // A group that is given in parts counts as several, also if only one option is in two of them.
    Optional<String> repeated =
        choices.stream()
            .flatMap(choice -> Stream.of(choice.split(" with ")))
            .filter(option -> !seen.add(option))
            .findFirst();
    return repeated
        .map(UsageMistake::givenTwice)
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT,
                    "%s exclude each other, give one of them",
                    String.join(" and ", choices)));
  }

  private static String options(String text) {
    return OPTION.matcher(text).results().map(MatchResult::group).collect(joining(" with "));
  }

  private static String givenTwice(String option) {
    return String.format(Locale.ROOT, "%s was given twice, give it once", option);
  }

  private static String wrongValue(ParameterException mistake, ArgSpec arg, String value) {
    Class<?> type = arg.auxiliaryTypes()[0];
    if (arg.converters().length > 0 && mistake.getCause() instanceof TypeConversionException own) {
      return String.format(Locale.ROOT, "%s: %s", label(arg), own.getMessage());
    }
    if (type.isEnum()) {
      List<String> values =
          Stream.of(type.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
              .toList();
      return expected(
          "one of " + String.join(", ", values), arg, value, Spelling.suggestion(value, values));
    }
    if (type == double.class || type == Double.class) {
      String comma =
          DECIMAL_COMMA.matcher(value).matches() ? ", write " + value.replace(',', '.') : "";
      return expected("a number", arg, value, comma);
    }
    if (type == int.class || type == Integer.class) {
      boolean isTooLarge = WHOLE.matcher(value).matches();
      return expected(isTooLarge ? "a smaller number" : "a whole number", arg, value, "");
    }
    if (type == boolean.class) {
      return String.format(Locale.ROOT, "%s takes no value, found '%s'", label(arg), value);
    }
    String reason =
        mistake.getCause() instanceof TypeConversionException own
            ? own.getMessage()
            : mistake.getMessage();
    return String.format(Locale.ROOT, "%s: %s", label(arg), reason);
  }

  private static String expected(String what, ArgSpec arg, String value, String suggestion) {
    return String.format(
        Locale.ROOT, "expected %s for %s, found '%s'%s", what, label(arg), value, suggestion);
  }

  private static String label(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }
}
