// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads images from Hadoop's file systems, and tells failures of the storage from those of images.
 *
 * <p>Thread-safe. Not final, because tests replace it.
 */
class ImageStorage {
  private final Configuration configuration;
  private final ImageOptions options;

  ImageStorage(Configuration configuration, ImageOptions options) {
    this.configuration = configuration;
    this.options = options;
  }

  /** A stream whose failures are those of the storage, and which counts its bytes. */
  private static final class CountingStream extends InputStream {
    private final InputStream stream;
    private long count;

    CountingStream(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() {
      try {
        int next = stream.read();
        count += next < 0 ? 0 : 1;
        return next;
      } catch (IOException | RuntimeException e) {
        throw StorageException.of(e);
      } catch (FSError e) {
        throw ofDisk(e);
      }
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      try {
        int read = stream.read(bytes, from, length);
        count += Math.max(0, read);
        return read;
      } catch (IOException | RuntimeException e) {
        throw StorageException.of(e);
      } catch (FSError e) {
        throw ofDisk(e);
      }
    }

    /** The local file system has an error of its own for a disk that cannot be read. */
    private static StorageException ofDisk(FSError failure) {
      return StorageException.of(new IOException(failure.getCause()));
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException | RuntimeException e) {
        // What was read is complete, or the failure is known.
        return;
      }
    }
  }

  /**
   * Returns the storage of a path.
   *
   * @throws InvalidPathException if Hadoop cannot handle the path
   */
  String root(@Nullable String text) {
    URI uri = path(text).toUri();
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  /**
   * Reads an image.
   *
   * @param text the path
   * @param length the length of the file when it was listed, null if unknown
   * @return the image
   * @throws InvalidPathException if Hadoop cannot handle the path
   * @throws StorageException if the storage does not deliver the file
   * @throws ImageException if the image cannot be used
   */
  FaceImage read(String text, @Nullable Long length) {
    Path path = path(text);
    FileSystem files = files(path);
    try (CountingStream stream = open(files, path, text)) {
      try {
        FaceImage image = FaceImage.read(stream, options);
        if (length == null ? options.acceptTruncated() : stream.count < length) {
          requireComplete(files, path, stream.count);
        }
        return image;
      } catch (ImageException e) {
        // A file that ends early is damaged or unknown, unless the storage has more of it. One that
        // is too large was not read to its end.
        if (e.reason() != ImageException.Reason.TOO_LARGE
            && (length == null || stream.count != length)) {
          requireComplete(files, path, stream.count);
        }
        throw e;
      }
    }
  }

  /**
   * Reads a file to its end, or to the limit for images.
   *
   * @throws StorageException if the storage does not deliver the file
   */
  void probe(String text) {
    Path path = path(text);
    try (CountingStream stream = open(files(path), path, text)) {
      byte[] buffer = new byte[1 << 16];
      while (stream.count <= options.maxBytes() && stream.read(buffer, 0, buffer.length) >= 0) {
        // The bytes do not matter.
      }
    }
  }

  private static Path path(@Nullable String text) {
    if (text == null) {
      throw new InvalidPathException("no path", null);
    }
    if (text.indexOf('\0') >= 0) {
      // The local file system says that there is no such file.
      throw new InvalidPathException("a null character in it", null);
    }
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidPathException("'" + text + "'", e);
    }
  }

  private FileSystem files(Path path) {
    try {
      return Storage.of(path, configuration);
    } catch (IOException | RuntimeException e) {
      throw StorageException.of(e);
    }
  }

  private static CountingStream open(FileSystem files, Path path, String text) {
    try {
      return new CountingStream(files.open(path));
    } catch (IllegalArgumentException e) {
      throw new InvalidPathException("'" + text + "'", e);
    } catch (IOException | RuntimeException e) {
      throw StorageException.of(e);
    }
  }

  /** Refuses what is shorter than the file is now; it may have changed since it was listed. */
  private static void requireComplete(FileSystem files, Path path, long count) {
    long length;
    try {
      length = files.getFileStatus(path).getLen();
    } catch (IOException | RuntimeException e) {
      throw StorageException.of(e);
    }
    if (count < length) {
      throw StorageException.ofTruncated(count, length);
    }
  }
}
