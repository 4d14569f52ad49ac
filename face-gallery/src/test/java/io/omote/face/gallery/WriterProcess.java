// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.apache.lucene.store.NIOFSDirectory;

/**
 * A program that opens a gallery, enrolls, removes and searches, closes it, and begins again, in
 * turn with another such process. Its calls are interrupted, its files fail, and it may be killed
 * at any moment. It continuously checks that the gallery has the samples of the journal, and its
 * files nothing else.
 *
 * <p>Each writer has persons of its own.
 */
final class WriterProcess {
  /** The numbers of a writer's samples begin at a multiple of this. */
  static final int NUMBERS = 100_000_000;

  private static final Pattern NAME = Pattern.compile("<\\d{9}>");

  private final Path folder;
  private final int writer;
  private final WriterJournal journal;
  private final Random random;
  private final ExecutorService calls = Executors.newSingleThreadExecutor();
  private final Semaphore isCalling = new Semaphore(0);
  private final Thread caller;
  private FailingDirectory files;
  private int lastNumber;

  /** Samples of failed batches, of which a failing disk may have kept something. */
  private final Set<Integer> left = new HashSet<>();

  private WriterProcess(Path folder, Path journal, int writer) throws Exception {
    this.folder = folder;
    this.writer = writer;
    this.journal = new WriterJournal(journal);
    this.random = new Random();
    lastNumber = Math.max(writer * NUMBERS, this.journal.lastNumber());
    caller = calls.submit(Thread::currentThread).get();
    Thread interrupter = new Thread(this::interrupt);
    interrupter.setDaemon(true);
    interrupter.start();
  }

  /** Takes folder, journal, number of the writer, and its end in milliseconds since 1970. */
  public static void main(String[] args) throws Exception {
    try {
      WriterProcess process =
          new WriterProcess(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2]));
      while (System.currentTimeMillis() < Long.parseLong(args[3])) {
        process.turn();
      }
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private void interrupt() {
    Random moments = new Random();
    try {
      while (true) {
        // Not between calls, when this process reads files itself.
        isCalling.acquire();
        if (moments.nextInt(4) > 0) {
          Thread.sleep(moments.nextInt(20));
        }
        caller.interrupt();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The result of a call, and whether its thread was interrupted afterwards. */
  private record Answer<T>(T value, boolean isInterrupted) {}

  private <T> Answer<T> call(Callable<T> call) throws Exception {
    if (random.nextBoolean()) {
      isCalling.release();
    }
    try {
      return calls.submit(() -> new Answer<>(call.call(), Thread.interrupted())).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  private void turn() throws Exception {
    files = new FailingDirectory(new NIOFSDirectory(folder));
    if (random.nextInt(20) == 0) {
      fail();
    }
    LuceneGallery gallery;
    try {
      gallery = call(() -> LuceneFailureTest.open(folder, LuceneStore::open, files)).value();
    } catch (InterruptedCallException e) {
      return;
    } catch (GalleryException e) {
      if (!e.getMessage().contains("locked by another process") && !isOfTheDisk(e)) {
        throw e;
      }
      Thread.sleep(1 + random.nextInt(5));
      return;
    }
    files.repair();
    left.clear();
    check(gallery, true);
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      if (random.nextInt(10) == 0) {
        fail();
      }
      step(gallery);
      if (files.repair() || !journal.unclear().isEmpty()) {
        refresh(gallery);
      }
      check(gallery, random.nextInt(4) == 0);
    }
    call(
        () -> {
          gallery.close();
          return true;
        });
  }

  /** When the disk works, memory agrees with it. */
  private void refresh(LuceneGallery gallery) throws Exception {
    while (true) {
      try {
        call(gallery::refresh);
        return;
      } catch (InterruptedCallException e) {
        // Once more.
      }
    }
  }

  private void fail() {
    files.failAt(
        random.nextInt(60),
        random.nextBoolean(),
        random.nextBoolean(),
        () -> new IOException("No space left on device"));
  }

  private boolean isOfTheDisk(GalleryException e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return files.hasFailed() || text.toString().contains("No space left on device");
  }

  private void step(LuceneGallery gallery) throws Exception {
    List<String> people = new ArrayList<>(journal.people().keySet());
    people.removeAll(journal.unclear().keySet());
    int samples = journal.people().values().stream().mapToInt(Set::size).sum();
    int what = random.nextInt(10);
    if (what == 0) {
      query(gallery, people);
    } else if (people.isEmpty() || what < (samples < 600 ? 7 : 2)) {
      Set<Integer> added = new TreeSet<>();
      for (int i = random.nextInt(12) == 0 ? 150 : 1 + random.nextInt(6); i > 0; i--) {
        added.add(++lastNumber);
      }
      String person = "writer" + writer + ":" + lastNumber;
      List<GalleryEntry> batch = added.stream().map(n -> entry(person, n)).toList();
      change(
          person,
          added,
          () -> {
            gallery.enroll(batch);
            return true;
          });
    } else {
      String person = people.get(random.nextInt(people.size()));
      Set<Integer> there = journal.people().get(person);
      if (random.nextBoolean()) {
        change(person, Set.of(), () -> gallery.removePerson(person) == there.size());
      } else {
        int number = new ArrayList<>(there).get(random.nextInt(there.size()));
        Set<Integer> rest = new TreeSet<>(there);
        rest.remove(number);
        change(person, rest, () -> gallery.remove(person, sample(number)));
      }
    }
  }

  private void query(LuceneGallery gallery, List<String> people) throws Exception {
    try {
      if (random.nextBoolean()) {
        // Nobody else writes while this process has the lock.
        assertThat(call(gallery::refresh).value()).isFalse();
      } else if (!people.isEmpty()) {
        String person = people.get(random.nextInt(people.size()));
        FaceEmbedding probe = Faces.of(journal.people().get(person).iterator().next());
        List<Candidate> found = call(() -> gallery.search(probe, 3)).value();
        assertThat(found.get(0).person()).isEqualTo(person);
        assertThat(found.get(0).similarity()).isEqualTo(probe.similarity(probe));
      }
    } catch (InterruptedCallException e) {
      // Nothing is lost.
    } catch (GalleryException e) {
      if (!isOfTheDisk(e)) {
        throw e;
      }
    }
  }

  private void change(String person, Set<Integer> after, Callable<Boolean> change)
      throws Exception {
    journal.begins(person, after);
    try {
      Answer<Boolean> answer = call(change);
      assertThat(answer.value()).isTrue();
      journal.ends(person, WriterJournal.End.DONE, answer.isInterrupted());
      left.clear();
    } catch (InterruptedCallException e) {
      journal.ends(person, WriterJournal.End.REFUSED, true);
    } catch (GalleryException e) {
      if (!isOfTheDisk(e)) {
        throw e;
      }
      left.addAll(after);
      left.addAll(journal.people().getOrDefault(person, Set.of()));
      journal.ends(person, WriterJournal.End.FAILED, false);
    }
  }

  static String sample(int number) {
    return "<" + number + ">";
  }

  static GalleryEntry entry(String person, int number) {
    return new GalleryEntry(person, sample(number), Faces.of(number));
  }

  static int number(String sample) {
    return Integer.parseInt(sample.substring(1, sample.length() - 1));
  }

  /** Checks that nothing is lost and nothing reappears, in memory and in files. */
  private void check(LuceneGallery gallery, boolean withFiles) throws IOException {
    Map<String, Set<Integer>> found = new HashMap<>();
    Set<Integer> all = new HashSet<>(left);
    gallery.forEach(
        entry -> {
          int number = number(entry.sample());
          all.add(number);
          if (number / NUMBERS == writer) {
            assertThat(entry.face()).isEqualTo(Faces.of(number));
            found.computeIfAbsent(entry.person(), person -> new TreeSet<>()).add(number);
          }
        });
    for (String person : List.copyOf(journal.unclear().keySet())) {
      Set<Integer> there = found.getOrDefault(person, Set.of());
      assertThat(there)
          .isIn(journal.people().getOrDefault(person, Set.of()), journal.unclear().get(person));
      journal.is(person, there);
    }
    assertThat(found).isEqualTo(journal.people());
    if (withFiles) {
      checkFiles(folder, all);
    }
  }

  /** Checks that the files have only names and embeddings of samples that may be there. */
  static void checkFiles(Path folder, Set<Integer> numbers) throws IOException {
    Set<FaceEmbedding> known = new HashSet<>();
    numbers.forEach(number -> known.add(Faces.of(number)));
    int length = Faces.of(1).toBytes().length;
    for (Path path : GalleryFiles.in(folder)) {
      byte[] bytes = Files.readAllBytes(path);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      NAME.matcher(text)
          .results()
          .forEach(name -> assertThat(numbers).contains(number(name.group())));
      for (int at = text.indexOf("OMFE"); at >= 0; at = text.indexOf("OMFE", at + 1)) {
        if (at + length <= bytes.length) {
          byte[] face = Arrays.copyOfRange(bytes, at, at + length);
          assertThat(known).contains(FaceEmbedding.fromBytes(face));
        }
      }
    }
  }
}
