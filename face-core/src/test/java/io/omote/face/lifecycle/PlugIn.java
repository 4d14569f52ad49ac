// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.FaceImage;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageInputStream;

/**
 * A plug-in of a host's for ImageIO, of a format of its own and, before the JDK's, of JPEG; and
 * that host, whose first use of ImageIO is this library's. Arguments of the host: from which place
 * it comes, a JPEG, the folder that names the plug-in.
 */
public final class PlugIn extends ImageReaderSpi {
  private static final String FORMAT = "omote-test";

  /** Creates the plug-in. */
  public PlugIn() {
    names = new String[] {FORMAT, "jpeg", "JPEG", "jpg"};
    MIMETypes = new String[] {"image/jpeg"};
    suffixes = new String[] {"jpg"};
    inputTypes = new Class<?>[] {ImageInputStream.class};
    pluginClassName = PlugIn.class.getName();
  }

  /** One that cannot be loaded. */
  public static final class Broken extends ImageReaderSpi {
    /** Fails. */
    public Broken() {
      throw new IllegalStateException("a plug-in that cannot be loaded");
    }

    @Override
    public boolean canDecodeInput(Object source) {
      return false;
    }

    @Override
    public ImageReader createReaderInstance(Object extension) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String getDescription(Locale locale) {
      return "broken";
    }
  }

  @Override
  public void onRegistration(ServiceRegistry registry, Class<?> category) {
    ServiceRegistry any = registry;
    any.getServiceProviders(ImageReaderSpi.class, false)
        .forEachRemaining(
            other -> {
              if (other != this) {
                any.setOrdering(ImageReaderSpi.class, this, other);
              }
            });
  }

  @Override
  public boolean canDecodeInput(Object source) {
    return true;
  }

  @Override
  public ImageReader createReaderInstance(Object extension) {
    throw new IllegalStateException("the plug-in of the host was asked for a JPEG");
  }

  @Override
  public String getDescription(Locale locale) {
    return "a plug-in of the host";
  }

  public static void main(String[] arguments) throws Exception {
    String file = arguments[1];
    Thread thread = Thread.currentThread();
    switch (arguments[0]) {
      case "own-loader" -> read(file);
      case "platform-loader" -> {
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        read(file);
        thread.setContextClassLoader(before);
      }
      case "no-loader" -> {
        thread.setContextClassLoader(null);
        read(file);
      }
      case "common-pool" -> CompletableFuture.runAsync(() -> read(file)).get();
      case "virtual" -> {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        ((Thread) start.invoke(null, (Runnable) () -> read(file))).join();
      }
      case "application-loader" -> {
        inApplication(arguments[2], "read", file);
        inApplication(arguments[2], "look", file);
        return;
      }
      case "application-loader-common-pool" -> {
        CompletableFuture.runAsync(() -> inApplication(arguments[2], "read", file)).get();
        inApplication(arguments[2], "look", file);
        return;
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    look(file);
  }

  private static void read(String file) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    FaceImage image = FaceImage.read(Path.of(file));
    if (Thread.currentThread().getContextClassLoader() != before) {
      throw new IllegalStateException("the thread has another context class loader than before");
    }
    CRC32 checksum = new CRC32();
    checksum.update(image.bgr());
    System.out.println("pixels " + Long.toHexString(checksum.getValue()));
  }

  private static void look(String file) {
    for (String name : ImageIO.getReaderFormatNames()) {
      if (name.equals(FORMAT)) {
        System.out.println("the format of the host is known");
      }
    }
  }

  /** All classes once more, and the plug-in, as an application server has them. */
  private static void inApplication(String host, String name, String file) {
    try {
      Method method =
          Application.loader(host)
              .loadClass(PlugIn.class.getName())
              .getDeclaredMethod(name, String.class);
      method.setAccessible(true);
      method.invoke(null, file);
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Created once. */
  private static final class Application {
    private static ClassLoader only;

    static synchronized ClassLoader loader(String host) throws IOException {
      if (only == null) {
        only =
            new URLClassLoader(
                Stream.concat(
                        Stream.of(host),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
                    .map(Application::url)
                    .toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader());
      }
      return only;
    }

    private static URL url(String entry) {
      try {
        return Path.of(entry).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
