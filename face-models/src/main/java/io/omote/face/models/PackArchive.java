// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.internal.http.HttpSession;
import io.omote.face.internal.http.RemoteChannel;
import io.omote.face.internal.http.RemoteStream;
import io.omote.face.internal.http.RestartedException;
import io.omote.face.models.FetchProgress.Phase;
import io.omote.face.models.Manifest.Archive;
import io.omote.face.models.Manifest.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive on a server. If the server supports ranges, only the table of contents and the
 * requested members are transferred; otherwise the whole archive is, and it is verified before it
 * is opened. Used by one thread.
 */
final class PackArchive implements AutoCloseable {
  /** The size of the end of an archive that holds its table of contents. */
  private static final int TAIL = 1 << 16;

  private final Archive archive;
  private final URI uri;
  private final HttpSession session;
  private final Fetch fetch;
  private @Nullable ZipMembers members;
  private @Nullable RemoteChannel channel;
  private @Nullable Path copy;
  private @Nullable IOException failure;

  PackArchive(Archive archive, URI uri, HttpSession session, Fetch fetch) {
    this.archive = archive;
    this.uri = uri;
    this.session = session;
    this.fetch = fetch;
  }

  /** Extracts a member to a temporary file and verifies it. */
  Path extract(Entry file) throws IOException {
    ZipMembers open = open();
    ZipArchiveEntry member = open.find(file);
    RemoteChannel remote = channel;
    if (remote != null) {
      remote.announce(member.getLocalHeaderOffset(), open.end(member));
    }
    Phase phase = remote == null ? Phase.EXTRACTING : Phase.DOWNLOADING;
    try (InputStream stream = open.read(member)) {
      return fetch.receive(stream, file.name(), file.size(), file.sha256(), phase);
    }
  }

  private ZipMembers open() throws IOException {
    if (failure != null) {
      // It failed for an earlier file and is not tried again.
      throw failure;
    }
    if (members == null) {
      try {
        members = openRemoteOrCopy();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
    return members;
  }

  private ZipMembers openRemoteOrCopy() throws IOException {
    int length = (int) Math.min(TAIL, archive.size());
    try (RemoteStream stream = RemoteStream.tail(session, uri, archive.size(), length)) {
      try {
        channel = new RemoteChannel(session, uri, archive.size(), stream.readNBytes(length));
        return ZipMembers.open(ZipFile.builder().setSeekableByteChannel(channel));
      } catch (RestartedException e) {
        // The server does not support ranges: the stream is now that of the whole archive.
        channel = null;
        copy =
            fetch.receive(
                stream, archive.name(), archive.size(), archive.sha256(), Phase.DOWNLOADING);
        return ZipMembers.open(ZipFile.builder().setPath(copy));
      }
    }
  }

  @Override
  public void close() {
    if (members != null) {
      members.close();
    }
    if (channel != null) {
      channel.close();
    }
    if (copy != null) {
      fetch.discard(copy);
    }
  }
}
