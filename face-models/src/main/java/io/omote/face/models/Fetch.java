// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.internal.http.HttpSession;
import io.omote.face.internal.http.RemoteStream;
import io.omote.face.internal.http.RestartedException;
import io.omote.face.models.FetchProgress.Phase;
import io.omote.face.models.Manifest.Archive;
import io.omote.face.models.Manifest.Entry;
import io.omote.face.models.Manifest.Source;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Fetches the missing files of a pack into its folder. Used once, by one thread. */
final class Fetch {
  private final Manifest manifest;
  private final Settings settings;
  private final PackFolder folder;
  private final boolean accepted;
  private final ProgressReporter progress;
  private final HttpSession session;
  private final Map<String, PackArchive> archives = new HashMap<>();

  Fetch(
      Manifest manifest,
      Settings settings,
      PackFolder folder,
      boolean accepted,
      ProgressReporter progress) {
    this.manifest = manifest;
    this.settings = settings;
    this.folder = folder;
    this.accepted = accepted;
    this.progress = progress;
    this.session = new HttpSession(settings.limits());
  }

  void run(List<Entry> wanted) {
    folder.locked(
        () -> {
          folder.deleteTemporary();
          if (!manifest.license().commercialUse()) {
            folder.recordAcceptance(accepted);
          }
          fetchMissing(wanted);
        });
  }

  private void fetchMissing(List<Entry> wanted) {
    try {
      for (Entry file : wanted) {
        // Another process may have fetched it while this one waited for the lock.
        if (folder.find(file).isEmpty()) {
          fetch(file);
        }
      }
    } finally {
      archives.values().forEach(PackArchive::close);
    }
  }

  /** An address to fetch a file from, and the archive found there, if it is one. */
  private record Place(URI uri, Optional<Archive> archive) {}

  private List<Place> places(Entry file) {
    if (settings.mirror().isPresent()) {
      URI base = settings.mirror().get();
      Stream<Place> single =
          Stream.of(
              new Place(
                  base.resolve(String.format(Locale.ROOT, "%s/%s", manifest.name(), file.name())),
                  Optional.empty()));
      Stream<Place> members =
          file.sources().stream()
              .filter(source -> source.archive() != null)
              .map(source -> manifest.archive(source.archive()))
              .map(archive -> new Place(base.resolve(archive.name()), Optional.of(archive)));
      return Stream.concat(single, members).toList();
    }
    return file.sources().stream().map(this::place).toList();
  }

  private Place place(Source source) {
    if (source.archive() != null) {
      Archive archive = manifest.archive(source.archive());
      return new Place(archive.url(), Optional.of(archive));
    }
    return new Place(source.url(), Optional.empty());
  }

  private void fetch(Entry file) {
    List<String> failures = new ArrayList<>();
    List<Exception> causes = new ArrayList<>();
    for (Place place : places(file)) {
      try {
        Path verified =
            place.archive().isPresent()
                ? archive(place).extract(file)
                : download(file, place.uri());
        folder.install(verified, file);
        progress.report(file.name(), Phase.DONE, file.size(), file.size());
        return;
      } catch (IOException | ModelIntegrityException e) {
        Interrupts.check(
            e,
            String.format(Locale.ROOT, "fetching %s of the pack %s", file.name(), manifest.name()));
        failures.add(
            String.format(
                Locale.ROOT, "%s: %s", HttpSession.describe(place.uri()), e.getMessage()));
        causes.add(e);
      }
    }
    throw failed(file, failures, causes);
  }

  private RuntimeException failed(Entry file, List<String> failures, List<Exception> causes) {
    String message =
        String.format(
            Locale.ROOT,
            "%s of the pack %s could not be fetched from any source: %s. Check the network and its proxy (-Dhttps.proxyHost), set a mirror with -D%s=..., or place the file yourself: %s",
            file.name(),
            manifest.name(),
            String.join("; ", failures),
            Settings.MIRROR,
            folder.toPlace(List.of(file)));
    Exception last = causes.get(causes.size() - 1);
    RuntimeException failure =
        causes.stream().anyMatch(ModelIntegrityException.class::isInstance)
            ? new ModelIntegrityException(message, last)
            : new ModelDownloadException(message, last);
    causes.stream().limit(causes.size() - 1L).forEach(failure::addSuppressed);
    return failure;
  }

  private PackArchive archive(Place place) throws IOException {
    Archive archive = place.archive().orElseThrow();
    PackArchive open = archives.get(archive.name());
    if (open == null) {
      open = new PackArchive(archive, place.uri(), session, this);
      archives.put(archive.name(), open);
    }
    return open;
  }

  private Path download(Entry file, URI uri) throws IOException {
    try (RemoteStream stream = RemoteStream.whole(session, uri, file.size())) {
      return receive(stream, file.name(), file.size(), file.sha256(), Phase.DOWNLOADING);
    }
  }

  /**
   * Writes a stream to a temporary file and verifies it.
   *
   * @return the file, forced to the disk
   * @throws ModelIntegrityException if size or hash differs
   * @throws IOException if the stream fails
   */
  Path receive(InputStream stream, String name, long size, String sha256, Phase phase)
      throws IOException {
    Path temporary = folder.newTemporary(name);
    boolean verified = false;
    try (FileChannel channel =
        folder.writing(() -> FileChannel.open(temporary, StandardOpenOption.WRITE))) {
      copy(stream, channel, name, size, sha256, phase);
      folder.write(() -> channel.force(true));
      verified = true;
      return temporary;
    } finally {
      if (!verified) {
        discard(temporary);
      }
    }
  }

  void discard(Path file) {
    folder.write(() -> Files.deleteIfExists(file));
  }

  private void copy(
      InputStream stream, FileChannel channel, String name, long size, String sha256, Phase phase)
      throws IOException {
    MessageDigest digest = Hashes.newDigest();
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    while (true) {
      progress.report(name, phase, bytes, size);
      try {
        int count = stream.read(buffer);
        if (count < 0) {
          break;
        }
        bytes += count;
        if (bytes > size) {
          throw new ModelIntegrityException(
              String.format(Locale.ROOT, "expected %s bytes of %s, found more", size, name));
        }
        digest.update(buffer, 0, count);
        ByteBuffer received = ByteBuffer.wrap(buffer, 0, count);
        folder.write(
            () -> {
              while (received.hasRemaining()) {
                channel.write(received);
              }
            });
      } catch (RestartedException e) {
        folder.write(() -> channel.truncate(0));
        digest.reset();
        bytes = 0;
      }
    }
    String found = Hashes.hex(digest);
    if (bytes != size || !found.equals(sha256)) {
      throw new ModelIntegrityException(
          String.format(
              Locale.ROOT,
              "expected %s of %s bytes with SHA-256 %s, found %s bytes with SHA-256 %s",
              name,
              size,
              sha256,
              bytes,
              found));
    }
  }
}
