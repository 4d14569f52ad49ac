// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.models.Manifest.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The members of a zip archive, taken by their names without folders. An archive with odd members
 * is refused as a whole. Used by one thread.
 */
final class ZipMembers implements AutoCloseable {
  /** How many times larger a member may become; weights hardly shrink at all. */
  private static final long MAX_RATIO = 100;

  /** The archives of these packs have a handful of members. */
  private static final int MAX_MEMBERS = 10_000;

  /** What all members together may become. */
  private static final long MAX_TOTAL = 1L << 33;

  private final ZipFile zip;
  private final List<ZipArchiveEntry> members;

  private ZipMembers(ZipFile zip, List<ZipArchiveEntry> members) {
    this.zip = zip;
    this.members = members;
  }

  static ZipMembers open(ZipFile.Builder builder) throws IOException {
    // What a server tells must fail as a source does, also where the library did not expect it.
    ZipFile zip;
    try {
      // The table of contents suffices; local headers would have to be transferred one by one.
      zip = builder.setIgnoreLocalFileHeader(true).get();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw refused("it is damaged: " + e.getMessage());
    }
    try {
      List<ZipArchiveEntry> members = Collections.list(zip.getEntries());
      check(members);
      return new ZipMembers(zip, members);
    } catch (IOException e) {
      zip.close();
      throw e;
    }
  }

  private static void check(List<ZipArchiveEntry> members) throws ZipException {
    if (members.size() > MAX_MEMBERS) {
      throw refused("it has " + members.size() + " members");
    }
    long total = 0;
    for (ZipArchiveEntry member : members) {
      String name = member.getName().replace('\\', '/');
      boolean outside =
          name.startsWith("/")
              || name.matches("[A-Za-z]:.*")
              || List.of(name.split("/")).contains("..");
      if (outside) {
        throw refused("a member has an absolute path or one with '..'");
      }
      if (member.isUnixSymlink()) {
        throw refused("a member is a link");
      }
      total += Math.max(0, member.getSize());
      if (total > MAX_TOTAL) {
        throw refused("its members have more than " + MAX_TOTAL + " bytes");
      }
    }
  }

  private static ZipException refused(String why) {
    return new ZipException("the archive is refused: " + why);
  }

  ZipArchiveEntry find(Entry file) throws IOException {
    List<ZipArchiveEntry> found = new ArrayList<>();
    for (ZipArchiveEntry member : members) {
      String name = member.getName().replace('\\', '/');
      if (!member.isDirectory() && name.substring(name.lastIndexOf('/') + 1).equals(file.name())) {
        found.add(member);
      }
    }
    if (found.size() != 1) {
      throw refused(
          String.format(
              Locale.ROOT, "expected one member %s, found %s", file.name(), found.size()));
    }
    ZipArchiveEntry member = found.get(0);
    if (member.getSize() != file.size()) {
      throw new ModelIntegrityException(
          String.format(
              Locale.ROOT,
              "expected %s of %s bytes, found a member of %s",
              file.name(),
              file.size(),
              member.getSize()));
    }
    if (member.getSize() / MAX_RATIO > member.getCompressedSize()) {
      throw refused(
          String.format(
              Locale.ROOT, "%s would become more than %s times larger", file.name(), MAX_RATIO));
    }
    if (!zip.canReadEntryData(member)) {
      throw refused(file.name() + " is encrypted or compressed in a way that is not read");
    }
    return member;
  }

  InputStream read(ZipArchiveEntry member) throws IOException {
    return zip.getInputStream(member);
  }

  /** The byte after the member's last, as far as the table of contents tells. */
  long end(ZipArchiveEntry member) {
    return members.stream()
        .mapToLong(ZipArchiveEntry::getLocalHeaderOffset)
        .filter(offset -> offset > member.getLocalHeaderOffset())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    ZipFile.closeQuietly(zip);
  }
}
