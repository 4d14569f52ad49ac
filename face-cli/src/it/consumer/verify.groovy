// SPDX-License-Identifier: Apache-2.0

// The decisions that the program printed.
def values = { name ->
  new File(basedir, "target/${name}.txt").readLines()
      .findAll { it ==~ /\w+=\S+/ }
      .collectEntries { it.split('=', 2) as List }
}
def mated = values('mated')
def nonMated = values('non-mated')
assert mated.samePerson == 'true'
assert nonMated.samePerson == 'false'
assert (mated.similarity as double) >= (mated.threshold as double)
assert (nonMated.similarity as double) < (nonMated.threshold as double)
assert mated.threshold == nonMated.threshold

// The class path of a user: lines such as "   group:artifact:jar:1.0:compile".
def artifacts = new File(basedir, 'target/dependencies.txt').readLines()
    .collect { it.replaceAll(/\u001B\[[0-9;]*m/, '').trim().split(/\s/)[0] }
    .findAll { it ==~ /[\w.-]+:[\w.-]+:[\w.-]+:\S+:\w+/ }
    .collect { it.split(':')[0..1].join(':') }
assert artifacts.containsAll(['io.omote:face-core', 'io.omote:face-models'])

def allowedGroups = [
  'io.omote',
  'ai.djl', 'ai.djl.onnxruntime',
  'com.microsoft.onnxruntime',
  'org.slf4j', 'org.jspecify',
  'org.apache.commons', 'commons-codec', 'commons-io',
  'com.google.code.gson', 'com.google.errorprone',
  'net.java.dev.jna',
]
def strangers = artifacts.findAll { !(it.split(':')[0] in allowedGroups) }
assert strangers.isEmpty() : "not allowed at run time: ${strangers}"

// What an application takes with the libraries of all platforms.
def jars = new File(basedir, 'target/lib').listFiles()
def megabytes = jars*.length().sum() / 1e6
println "class path: ${megabytes} MB"
assert megabytes <= 65

// A format that needs one more dependency: a file of one pixel, made by cwebp.
def webp = new File(basedir, 'target/pixel.webp')
webp.bytes = 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=='.decodeBase64()
def refused = new ProcessBuilder(
    new File(System.getProperty('java.home'), 'bin/java').path, '-cp',
    ([new File(basedir, 'target/classes')] + (jars as List))*.path.join(File.pathSeparator),
    'io.omote.it.Consumer', webp.path, webp.path)
    .redirectErrorStream(true).start()
def refusal = refused.inputStream.text
assert refused.waitFor() == 1 : refusal
assert refusal.contains('expected a JPEG, PNG or BMP image, found a WebP image of 1x1')
assert refusal.contains('add the dependency io.omote:face-opencv')

// Excluded by name as well, in case the list above grows. Users choose the SLF4J provider.
def testOrExample = artifacts.findAll {
  it =~ /junit|assertj|archunit|logback|picocli|slf4j-simple/
}
assert testOrExample.isEmpty() : "belongs to tests or examples: ${testOrExample}"

// The Javadoc shows the API only: no package that is exported to Omote's own modules alone.
def javadocs = new File(basedir, '../../../..').listFiles()
    .collectMany { new File(it, 'target').listFiles() as List ?: [] }
    .findAll { it.name.endsWith('-javadoc.jar') }
assert javadocs.any { it.name.startsWith('face-core-') }
javadocs.each { file ->
  new java.util.zip.ZipFile(file).withCloseable { jar ->
    def packages = jar.getInputStream(jar.getEntry('element-list')).text.readLines()
        .findAll { !it.startsWith('module:') }
    def inner = packages.findAll { 'internal' in it.split(/\./) }
    assert inner.isEmpty() && !packages.isEmpty() : "${file.name} shows ${packages}"
  }
}

// The class path has no wall: javac compiles a class that uses an inner package, and jdeps finds it.
// Users can run the same check. It prints nothing if their classes use only the API:
//   jdeps -verbose:class -e 'io\.omote\.face\.(.*\.)?internal\..*' target/classes
def run = { tool, String... arguments ->
  def out = new StringWriter()
  def status = java.util.spi.ToolProvider.findFirst(tool).get()
      .run(new PrintWriter(out, true), new PrintWriter(out, true), arguments)
  assert status == 0 : out
  out.toString()
}
def usesOfInnerPackages = { classes ->
  run('jdeps', '-verbose:class', '-e', /io\.omote\.face\.(.*\.)?internal\..*/, classes.path)
}
assert usesOfInnerPackages(new File(basedir, 'target/classes')).isBlank()

def inner = new File(basedir, 'target/inner-classes')
def lib = new File(basedir, 'target/lib').listFiles().join(File.pathSeparator)
run('javac', '-proc:none', '-cp', lib, '-d', inner.path,
    new File(basedir, 'src/inner/java/io/omote/it/inner/ReachesInward.java').path)
assert usesOfInnerPackages(inner) =~ /ReachesInward\s+-> io\.omote\.face\.internal\.geometry\.AffineMap/
return true
