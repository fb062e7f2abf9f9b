package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// localFile is an image file of this machine on its way to the service. It is never held as a whole: it is counted and
// summed as it is read.
type localFile struct {
	*os.File
	size int64
	sent int64
	sum  hash.Hash
	want string // the digest that it must have; "": any
	told time.Time
	tell func(sent int64)
	bad  error // why reading stopped before the end
}

// openLocalFile opens a file that can be an image's of the format, below limit bytes if there is a limit.
func openLocalFile(path, format string, limit int64) (*localFile, error) {
	path = expandHome(path)
	file, err := os.Open(path)
	if err != nil {
		return nil, &localFileError{fmt.Errorf("local_file: %w", err)}
	}
	info, err := file.Stat()
	if err == nil {
		err = fileFault(info, limit)
	}
	if err == nil {
		err = formatFault(file, format)
	}
	if err != nil {
		return nil, &localFileError{errors.Join(fmt.Errorf("local_file %s: %w", path, err), file.Close())}
	}
	return &localFile{File: file, size: info.Size(), sum: sha256.New(), tell: func(int64) {}}, nil
}

// localFileError says that the file cannot be uploaded: nothing was sent.
type localFileError struct{ err error }

func (e *localFileError) Error() string { return e.err.Error() }
func (e *localFileError) Unwrap() error { return e.err }

// fileFault is why a file cannot be uploaded.
func fileFault(info fs.FileInfo, limit int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Size() == 0:
		return errors.New("it is empty")
	case info.Size() >= ims.MaxUpload:
		return fmt.Errorf(
			"it has %d GB, and only files of less than %d GB can be uploaded (Open Telekom Cloud: 128 GB, Huawei Cloud: 2 GB). "+
				"Put it into OBS and use image_url of ims_system_disk_image with quick_import",
			info.Size()>>30,
			int64(ims.MaxUpload)>>30,
		)
	case limit > 0 && info.Size() > limit:
		return fmt.Errorf(
			"it has %.1f MB. The provider signs its requests with an access key, and the cloud's gateway then takes no more "+
				"than %d MB in one request. "+
				"Sign in with user name and password, or with a token; or put the file into OBS and use image_url",
			float64(info.Size())/(1<<20),
			limit>>20,
		)
	}
	return nil
}

// progressEvery is how often the log tells of an upload.
const progressEvery = 5 * time.Second

// Read reads on. The last bytes of a file with another digest than it must have are held back: then the service takes
// the file for cut, and no image is made of it.
func (f *localFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.sum.Write(p[:n])
	f.sent += int64(n)
	if n > 0 && f.sent >= f.size && f.want != "" && f.digest() != f.want {
		f.bad = fmt.Errorf(
			"local_file has the SHA-256 %s, and file_sha256 is %s: the file is not the one that is wanted, or it changed",
			f.digest(),
			f.want,
		)
		return 0, f.bad
	}
	if now := time.Now(); now.Sub(f.told) >= progressEvery || f.sent == f.size && n > 0 {
		f.told = now
		f.tell(f.sent)
	}
	return n, err
}

func (f *localFile) digest() string { return hex.EncodeToString(f.sum.Sum(nil)) }

// upload sends the file for an image.
func (f *localFile) upload(ctx context.Context, client *ims.Client, id string) error {
	f.tell = func(sent int64) {
		tflog.Info(
			ctx,
			"Uploading an image file",
			map[string]any{"image_id": id, "bytes": sent, "of": f.size, "percent": 100 * sent / f.size},
		)
	}
	err := client.UploadFile(ctx, id, f, f.size)
	if f.bad != nil {
		return f.bad
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	// The answer may have been lost, or another run may have sent the file.
	image, readErr := client.Image(ctx, id)
	switch {
	case readErr != nil:
	case image.Status == ims.StatusActive, image.Status == ims.StatusSaving && (f.sent == 0 || f.sent == f.size):
		return nil
	}
	return err
}

// open opens the file that is configured.
func (m *registeredModel) open(ctx context.Context, client *ims.Client) (*localFile, error) {
	scope, err := client.Scope(ctx)
	if err != nil {
		return nil, err
	}
	return openLocalFile(m.LocalFile.ValueString(), m.FileFormat.ValueString(), scope.BodyLimit)
}

// upload sends the file that is configured, and notes what was sent.
func (m *registeredModel) upload(ctx context.Context, client *ims.Client, id string) error {
	file, err := m.open(ctx, client)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	file.want = m.FileSHA256.ValueString()
	if err := file.upload(ctx, client, id); err != nil {
		return err
	}
	if file.sent == file.size { // else an earlier run sent it
		m.UploadedSHA256, m.UploadedSize = types.StringValue(file.digest()), types.Int64Value(file.size)
	}
	return nil
}
