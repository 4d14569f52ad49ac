// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The results of the calls of a writer, on disk before it continues: for each change one line
 * before it begins, and one after it has ended.
 */
final class WriterJournal implements AutoCloseable {
  /** How a change ended. */
  enum End {
    DONE,
    /** Interrupted: nothing was changed. */
    REFUSED,
    /** Done or not, as a whole. */
    FAILED
  }

  /** The samples of a person, by their numbers. */
  private final Map<String, Set<Integer>> people = new HashMap<>();

  /** The samples that a person may have instead if a change failed or did not end. */
  private final Map<String, Set<Integer>> unclear = new HashMap<>();

  private final Map<End, Integer> ends = new HashMap<>();
  private int lastNumber;
  private int interrupts;
  private final FileChannel file;

  /** Reads the journal; the last line may be cut off. */
  WriterJournal(Path path) throws IOException {
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    // Names and numbers only: a character is a byte.
    String text = Files.readString(path, StandardCharsets.US_ASCII);
    int end = text.lastIndexOf('\n') + 1;
    text.substring(0, end).lines().forEach(this::replay);
    file.truncate(end).position(end);
  }

  private void replay(String line) {
    List<String> words = Arrays.asList(line.split(" "));
    String person = words.get(1);
    switch (words.get(0)) {
      case "begins" -> unclear.put(person, numbers(words.get(2)));
      case "ends" -> end(person, End.valueOf(words.get(2)), Boolean.parseBoolean(words.get(3)));
      case "is" -> settle(person, numbers(words.get(2)));
      default -> throw new IllegalArgumentException(line);
    }
  }

  private static Set<Integer> numbers(String text) {
    return Arrays.stream(text.split(","))
        .filter(number -> !number.equals("none"))
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(Set<Integer> numbers) {
    return numbers.isEmpty()
        ? "none"
        : numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private void end(String person, End end, boolean isInterrupted) {
    ends.merge(end, 1, Integer::sum);
    interrupts += isInterrupted ? 1 : 0;
    if (end == End.DONE) {
      settle(person, unclear.get(person));
    } else if (end == End.REFUSED) {
      unclear.remove(person);
    }
  }

  private void settle(String person, Set<Integer> numbers) {
    unclear.remove(person);
    people.put(person, numbers);
    lastNumber = Math.max(lastNumber, numbers.stream().mapToInt(number -> number).max().orElse(0));
    if (numbers.isEmpty()) {
      people.remove(person);
    }
  }

  private void write(String line) {
    try {
      file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      file.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    replay(line);
  }

  /** Notes that a change is about to give a person other samples. */
  void begins(String person, Set<Integer> after) {
    lastNumber = Math.max(lastNumber, after.stream().mapToInt(number -> number).max().orElse(0));
    write("begins " + person + " " + text(after));
  }

  void ends(String person, End end, boolean isInterrupted) {
    write("ends " + person + " " + end + " " + isInterrupted);
  }

  /** Notes the samples that a person was found to have after an unclear change. */
  void is(String person, Set<Integer> numbers) {
    write("is " + person + " " + text(numbers));
  }

  Map<String, Set<Integer>> people() {
    return people;
  }

  Map<String, Set<Integer>> unclear() {
    return unclear;
  }

  int lastNumber() {
    return lastNumber;
  }

  int count(End end) {
    return ends.getOrDefault(end, 0);
  }

  /** Returns the number of calls that ended on an interrupted thread. */
  int interrupts() {
    return interrupts;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
