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
 * The members of a zip archive, found by their names without folders. An archive with a suspicious
 * member is rejected as a whole. Used by one thread.
 */
final class ZipMembers implements AutoCloseable {
  /** The highest compression ratio of a member; weights hardly compress at all. */
  private static final long MAX_RATIO = 100;

  /** The archives of the known packs have a handful of members. */
  private static final int MAX_MEMBERS = 10_000;

  /** The highest uncompressed size of all members together. */
  private static final long MAX_TOTAL = 1L << 33;

  private final ZipFile zip;
  private final List<ZipArchiveEntry> members;

  private ZipMembers(ZipFile zip, List<ZipArchiveEntry> members) {
    this.zip = zip;
    this.members = members;
  }

  static ZipMembers open(ZipFile.Builder builder) throws IOException {
    // Bad data from a server must fail like a source, even if the library throws unchecked.
    ZipFile zip;
    try {
      // The table of contents is enough; local headers would be transferred one by one.
      zip = builder.setIgnoreLocalFileHeader(true).get();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw rejected("it is damaged: " + e.getMessage());
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
      throw rejected("it has " + members.size() + " members");
    }
    long total = 0;
    for (ZipArchiveEntry member : members) {
      String name = member.getName().replace('\\', '/');
      boolean outside =
          name.startsWith("/")
              || name.matches("[A-Za-z]:.*")
              || List.of(name.split("/")).contains("..");
      if (outside) {
        throw rejected("a member has an absolute path, or a path with '..'");
      }
      if (member.isUnixSymlink()) {
        throw rejected("a member is a link");
      }
      total += Math.max(0, member.getSize());
      if (total > MAX_TOTAL) {
        throw rejected("its members have more than " + MAX_TOTAL + " bytes");
      }
    }
  }

  private static ZipException rejected(String why) {
    return new ZipException("the archive was rejected: " + why);
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
      throw rejected(
          String.format(
              Locale.ROOT, "expected one member named %s, found %s", file.name(), found.size()));
    }
    ZipArchiveEntry member = found.get(0);
    if (member.getSize() != file.size()) {
      throw new ModelIntegrityException(
          String.format(
              Locale.ROOT,
              "expected %s bytes for %s in the archive, found %s",
              file.size(),
              file.name(),
              member.getSize()));
    }
    if (member.getSize() / MAX_RATIO > member.getCompressedSize()) {
      throw rejected(
          String.format(
              Locale.ROOT, "%s would grow to more than %s times its size", file.name(), MAX_RATIO));
    }
    if (!zip.canReadEntryData(member)) {
      throw rejected(file.name() + " is encrypted, or its compression is not supported");
    }
    return member;
  }

  InputStream read(ZipArchiveEntry member) throws IOException {
    return zip.getInputStream(member);
  }

  /** Returns the offset after the member's last byte, or an upper bound of it. */
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
